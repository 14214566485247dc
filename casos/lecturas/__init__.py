"""Layer 2: reads that cross models. No writes."""

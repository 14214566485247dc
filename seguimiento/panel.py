"""Django's admin with the product's own site instead of the stock one."""

from django.contrib.admin.apps import AdminConfig


class PanelConfig(AdminConfig):
    default_site = "casos.panel.Panel"

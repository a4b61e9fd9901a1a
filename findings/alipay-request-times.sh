#!/usr/bin/env bash
# python-alipay-sdk 3.4.0 writes the `timestamp` of a request in the time zone of the machine and names no zone.
# Alipay's API reads that field as UTC+8, so a server in UTC, as containers are, sends times of eight hours ago.
# Seen: with TZ=UTC the field holds the UTC time, with TZ=Asia/Shanghai that of Shanghai, in the same second.
# This script fails once the library writes the same time wherever it runs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-alipay-sdk==3.4.0 cryptography==50.0.2
cat > "$folder/look.py" <<'PYTHON'
from datetime import datetime, timedelta, timezone

from alipay import AliPay
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
private = key.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
).decode()
public = key.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
).decode()
client = AliPay(
    appid="2021000000000000",
    app_notify_url=None,
    app_private_key_string=private,
    alipay_public_key_string=public,
    sign_type="RSA2",
)
written = datetime.strptime(client.build_body("alipay.trade.query", {})["timestamp"], "%Y-%m-%d %H:%M:%S")
in_shanghai = datetime.now(timezone(timedelta(hours=8))).replace(tzinfo=None)
print(round((in_shanghai - written).total_seconds() / 3600))
PYTHON
for zone in UTC Asia/Shanghai; do
    behind=$(TZ=$zone "$folder/venv/bin/python" "$folder/look.py")
    echo "TZ=$zone: the time of a request is $behind hours behind UTC+8"
    declare "behind_${zone//\//_}=$behind"
done
[ "$behind_UTC" = 8 ] && [ "$behind_Asia_Shanghai" = 0 ]

"""``keys``: make a key to sign with, or list the keys that are known here."""

import argparse
import json

from forecast.attest.keys import has_key, make_key, public_keys
from kpi.settings import Settings


def act(chosen: argparse.Namespace, settings: Settings) -> int:
    """The secret half never leaves its file."""
    if chosen.new:
        make_key(settings.keys, chosen.new, settings.key_passphrase.get_secret_value())
    known = [
        {
            "name": key.name,
            "keyid": key.keyid,
            "signs": has_key(settings.keys, key.name),
            "public": str((settings.keys / f"{key.name}.pub.pem").resolve()),
        }
        for key in public_keys(settings.keys)
    ]
    if chosen.json:
        print(json.dumps(known, ensure_ascii=False))
        return 0
    for each in known:
        print(f"{each['name']}  {each['keyid']}  {each['public']}")
    return 0

"""Records what securesystemslib makes of JSON texts: python3 canonical-json.py > canonical-json.json

Needs securesystemslib 1.3.1. Each case is [text, canonical form or null where the reference refuses it].
"""

import json
import random

from securesystemslib.formats import encode_canonical

TEXTS = [
    "{}", "[]", '""', "0", "-1", "true", "false", "null", "9007199254740991", "-9007199254740991",
    '{"b":1,"a":2}', '{"a":{"c":[],"b":{}},"":null}', '{"B":1,"a":2,"A":3,"_":4}',
    r'"\" \\ \/ \b \f \n \r \t"', r'"\u0000\u001f\u007f\u0080"', '"é ü 漢 😀"', r'"\u00e9\ud83d\ude00"',
    r'{"\uffff":1,"\ud800\udc00":2,"\ue000":3,"\ud7ff":4}', r'{"a\"b":1,"a\\b":2,"a b":3}',
    r'{"\n":1,"\u0001":2,"\t":3}', '{"10":1,"9":2,"1":3}', '{"a":1,"aa":2,"a\\ud83d\\ude00":3,"a\\uffff":4}',
    r'{"toJSON":1,"constructor":2,"valueOf":3,"hasOwnProperty":4}', '"\u2028\u2029"',
    '{"keyval":{"public":"-----BEGIN PUBLIC KEY-----\\nMFkw\\n-----END PUBLIC KEY-----\\n"}}',
    "1.5", "1e3", "[0.1]",
]


def random_value(rng, depth):
    kind = rng.randrange(7 if depth else 4)
    if kind == 0:
        return rng.choice([True, False, None])
    if kind == 1:
        return rng.randint(-(2**53) + 1, 2**53 - 1)
    if kind in (2, 3):
        return random_text(rng)
    if kind in (4, 5):
        return {random_text(rng): random_value(rng, depth - 1) for _ in range(rng.randrange(6))}
    return [random_value(rng, depth - 1) for _ in range(rng.randrange(5))]


def random_text(rng):
    alphabet = 'abz019_-"\\/\n\t\u0001\u007f é\ud7ff\ue000\uffff\U00010000\U0001f600\U0010ffff'
    return "".join(rng.choice(alphabet) for _ in range(rng.randrange(6)))


def canonical(text):
    try:
        return encode_canonical(json.loads(text))
    except Exception:
        return None


rng = random.Random(6962)
texts = TEXTS + [json.dumps(random_value(rng, 4), ensure_ascii=rng.random() < 0.5) for _ in range(500)]
print(json.dumps([[text, canonical(text)] for text in texts], ensure_ascii=True, indent=0))

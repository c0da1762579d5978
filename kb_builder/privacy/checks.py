"""Whether a number can be what it looks like: check digits, ranges, regions and dates.

Everything takes the characters without separators. checks.js is the twin of this module.
"""

from __future__ import annotations

_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_DIGITS = "10X98765432"
_COMPANY_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_COMPANY_KINDS = frozenset(
    [
        "11",
        "12",
        "13",
        "19",
        "21",
        "29",
        "31",
        "32",
        "33",
        "34",
        "35",
        "39",
        "41",
        "49",
        "51",
        "52",
        "53",
        "59",
        "61",
        "62",
        "69",
        "71",
        "72",
        "79",
        "81",
        "89",
        "91",
        "92",
        "93",
        "A1",
        "A9",
        "N1",
        "N2",
        "N3",
        "N9",
        "Y1",
    ]
)
_VIN_VALUES = dict(
    zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        (*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)),
        strict=True,
    )
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_date(year: str, month: str, day: str) -> bool:
    """Whether the digits of a birthday can be one; 29 February counts in every year."""
    return (
        year[:2] in ("18", "19", "20")
        and 1 <= int(month) <= 12
        and 1 <= int(day) <= _MONTH_DAYS[int(month) - 1]
    )


def resident_shape(text: str) -> bool:
    """Whether 18 or 15 characters have the region and birthday of a resident id."""
    if text[:2] not in _PROVINCES:
        return False
    if len(text) == 15:
        return is_date("19", text[8:10], text[10:12])
    return len(text) == 18 and is_date(text[6:10], text[10:12], text[12:14])


def resident(text: str) -> bool:
    """Whether 18 characters are a resident id, check digit included (GB 11643).

    >>> resident("110101190003070011"), resident("110101190003070012")
    (False, False)
    """
    if not resident_shape(text) or len(text) != 18:
        return False
    total = sum(int(char) * weight for char, weight in zip(text, _RESIDENT_WEIGHTS, strict=False))
    return _RESIDENT_DIGITS[total % 11] == text[17].upper()


def hong_kong(text: str) -> bool:
    """Whether letters, six digits and a check character are a Hong Kong identity card.

    >>> hong_kong("A1234563")
    True
    """
    letters = text[:-7]
    values = [36] if len(letters) == 1 else []
    values += [ord(char) - 55 for char in letters]
    values += [int(char) for char in text[-7:-1]]
    values.append(10 if text[-1] == "A" else int(text[-1]))
    return sum(value * (9 - at) for at, value in enumerate(values)) % 11 == 0


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others.

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def company(text: str) -> bool:
    """Whether 18 characters are a unified social credit code (GB 32100).

    >>> company("91350100M000100Y43")
    True
    """
    if text[:2] not in _COMPANY_KINDS or text[2:4] not in (*_PROVINCES, "10"):
        return False
    if any(char not in _COMPANY_CHARS for char in text) or not text[2:8].isdigit():
        return False
    values = [_COMPANY_CHARS.index(char) for char in text]
    total = sum(value * pow(3, at, 31) for at, value in enumerate(values[:17]))
    return (31 - total % 31) % 31 == values[17]


def vin(text: str) -> bool:
    """Whether 17 characters are a vehicle identification number, check digit included.

    >>> vin("1M8GDM9AXKP042788"), vin("1M8GDM9A1KP042788")
    (True, False)
    """
    total = sum(_VIN_VALUES[char] * weight for char, weight in zip(text, _VIN_WEIGHTS, strict=True))
    return ("X" if total % 11 == 10 else str(total % 11)) == text[8]


def public_ip(text: str) -> bool:
    """Whether an IPv4 address may belong to somebody: not private, reserved or for documents.

    >>> public_ip("114.80.1.10"), public_ip("192.168.1.1"), public_ip("203.0.113.7")
    (True, False, False)
    """
    a, b, c, _ = (int(part) for part in text.split("."))
    return not (
        a in (0, 10, 127)
        or a >= 224
        or (a == 100 and 64 <= b < 128)
        or (a == 169 and b == 254)
        or (a == 172 and 16 <= b < 32)
        or (a == 192 and b == 168)
        or (a, b, c) in ((192, 0, 0), (192, 0, 2), (198, 51, 100), (203, 0, 113))
        or (a == 198 and b in (18, 19))
    )


def public_ipv6(text: str) -> bool:
    """Whether groups of hexadecimal digits are a global IPv6 address.

    >>> public_ipv6("2408:8207:1850:2a60::1c"), public_ipv6("2001:db8::1"), public_ipv6("12:30:45")
    (True, False, False)
    """
    groups = text.lower().split(":")
    gaps = text.count("::")
    if ":::" in text or gaps > 1 or (gaps == 0 and len(groups) != 8) or len(groups) > 8:
        return False
    if len(groups[0]) != 4 or groups[0][0] not in "23":
        return False
    return not (groups[0] == "2001" and groups[1] in ("db8", "0db8"))

"""What a guess costs: asked of a process of its own, for tests hash quickly (tests/conftest.py)."""

import subprocess
import sys

from argon2 import Parameters, extract_parameters
from argon2.low_level import Type

SAY = """
from app import identity, phones, second_factor
print(identity._NOBODY)
for module in (identity, phones, second_factor):
    print(module._hasher.hash("x"))
"""

#: Of the second low-memory option of RFC 9106, and of OWASP's least for codes that are random anyhow.
OF_PEOPLE = {"time_cost": 3, "memory_cost": 64 * 1024, "parallelism": 4}
OF_CODES = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}


def test_passwords_pins_and_recovery_codes_cost_who_guesses_as_much_as_the_standards_say() -> None:
    said = subprocess.run([sys.executable, "-c", SAY], capture_output=True, text=True, check=True).stdout.split()

    found = [extract_parameters(one) for one in said]

    assert found == [_costing(of) for of in (OF_PEOPLE, OF_PEOPLE, OF_PEOPLE, OF_CODES)]


def _costing(cost: dict[str, int]) -> Parameters:
    return Parameters(type=Type.ID, version=19, salt_len=16, hash_len=32, **cost)

#!/usr/bin/env bash
# country_converter 1.3.2 with pandas 3.1.1: CountryConverter() raises TypeError without any input.
#
# Why one would have guessed wrong: pip installs the two together without complaint, the import
# works, and the constructor takes no argument.  Its table is read with a converter to text for the
# column of two-letter codes; with pandas 3.1.1 Namibia's code, NA, comes out as missing all the
# same, and re.compile() refuses it: "first argument must be string or compiled pattern".  The same
# call works with pandas 2.3.3.
#
# Prints versions and what was seen; exits 1 when the behaviour is another.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/probe.py" <<'PYTHON'
import sys
from importlib.metadata import version

import country_converter

try:
    found = country_converter.CountryConverter().convert("Japan", to="ISO3")
except TypeError as problem:
    found = f"TypeError: {problem}"
print("country_converter", version("country_converter"), "pandas", version("pandas"), "->", found)
sys.exit(0 if str(found).startswith(sys.argv[1]) else 1)
PYTHON
for pair in "3.1.1 TypeError" "2.3.3 JPN"; do
    set -- $pair
    python3 -m venv "$folder/$1"
    "$folder/$1/bin/pip" install --quiet country_converter==1.3.2 "pandas==$1"
    "$folder/$1/bin/python" "$folder/probe.py" "$2" || { echo "no longer as described"; exit 1; }
done
echo "as described"

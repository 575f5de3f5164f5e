"""Makes fixtures.json: files that Python's csv module wrote, and the rows that it reads from them.

Run with any Python 3: python conformance/csv/make_fixtures.py
Cells have no blanks at their ends (Python keeps them, the reader of tables takes them off) and no file has empty lines
in its middle (Python makes a row of no cells of one).
"""

import csv
import io
import json
import random
from pathlib import Path

LETTERS = ['"', ",", ";", "\t", "\n", "a", "b", "1", ".", "-", "é", "水", " "]


def cell(draw):
    return "".join(draw.choice(LETTERS) for _ in range(draw.randint(0, 6))).strip(" \t\n")


def case(draw, number):
    delimiter = ",;\t"[number % 3]
    columns = draw.randint(2, 6)
    rows = [[f"column {i}" for i in range(columns)]]
    rows += [[cell(draw) for _ in range(columns)] for _ in range(draw.randint(1, 6))]
    file = io.StringIO()
    quoting = [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC][number // 3 % 3]
    ends = ["\n", "\r\n"][number // 9 % 2]
    csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=ends).writerows(rows)
    text = file.getvalue()
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return {"text": text, "rows": read}


def main():
    draw = random.Random(1)
    cases = [case(draw, number) for number in range(180)]
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in cases)
    Path(__file__).with_name("fixtures.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Kiểm chứng gói kết quả bình chọn, không cần phần mềm đã tạo ra nó / verify a bundle without the software.

    python3 verify.py GOI.zip [--head 3f2a…]      so với mã gốc in trên biên bản / against the head in the minutes
    python3 verify.py                             thư mục chứa tệp này / the unpacked folder this file lies in

Python 3.11, nothing else. Hashes every file, builds the ledger's Merkle tree again, follows every mark from its first
save to the last, and recounts each result with fractions; marks are whole hundredths of a point.
"""

import hashlib
import json
import sys
import zipfile
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

FORMAT, MANIFEST = "binhchon.bundle/1", "manifest.json"
FILES = "contest rules entries judges sheets recusals discussions results ballot decision certificates heads"
# What the ledger says of these may be withheld: dossiers, single votes, sign-in, what judges say of themselves.
PRIVATE = "ballot:vote conflict-answer entry invitation keyed-sheet membership minutes:edit remark sheet-import"
PRIVATE += " site-visit statement"  # all the rest must be readable
Json = dict[str, Any]
Sheets = dict[int, dict[int, dict[str, int]]]  # entry -> judge -> line -> mark
NO_RESULT: Json = dict.fromkeys(("numerator", "denominator", "rank", "decided_by", "spread", "prize"))
NO_RESULT |= {"sheets": 0, "outcome": "not_scored", "prize_tied": False}


class Report:
    """What was found: each fault in Vietnamese and in English, and the heads of the ledger."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, str]] = []
        self.heads: list[Json] = []

    def fault(self, said: str, vi: str = "", en: str = "") -> None:
        """Note what is wrong, once; a bar parts the two languages."""
        first, _bar, second = said.partition(" | ")
        if (both := (first + vi, second + en)) not in self.faults:
            self.faults.append(both)

    def expect(self, found: object, wanted: object, said: str) -> None:
        """Note a fault where a value is not what it should be."""
        if found != wanted:
            self.fault(said, f": trong gói {found}, phải là {wanted}", f": {found}, should be {wanted}")


class Bundle:
    """What a bundle holds, and what following its ledger makes of it."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.contest, self.rules = self.json("contest"), self.json("rules")
        self.entries: dict[int, Json] = {row["id"]: row for row in self.json("entries")}
        self.sheets: dict[int, Json] = {row["id"]: row for row in self.json("sheets")}
        self.results: dict[int, Json] = {row["version"]: row for row in self.json("results")}
        lines = (files[name].split(b"\n")[:-1] for name in ("ledger.jsonl", "details.jsonl"))
        self.ledger = list(zip(*lines, strict=True))  # each leaf with its details, empty where withheld
        self.submitted, self.recused, self.polled = set[int](), set[tuple[int, int]](), Json()
        self.closed, self.issued, self.revoked = Json(), dict[str, Json](), dict[str, str]()
        self.seals, self.recognised = dict[str, str](), set[int]()  # of files; by the last decision
        self.marks, self.recounted = defaultdict[int, Json](dict), dict[int, dict[int, Json]]()

    def json(self, name: str) -> Any:
        """A file of the bundle, read."""
        return json.loads(self.files[f"{name}.json"].decode())

    def criteria(self, group: str) -> dict[str, list[str]]:
        """Each level-1 criterion with the lines that a judge fills in for it."""
        lines = [line for line in self.rules.get("sub_criteria", ()) if line["group"] in ("", group)]
        codes = [criterion["code"] for criterion in self.rules["criteria"]]
        return {code: [line["code"] for line in lines if line["parent"] == code] or [code] for code in codes}


def verify(path: Path, *, head: str | None = None) -> Report:
    """Check a bundle (a zip or an unpacked folder); `head` is one that was printed or published."""
    report = Report()
    try:
        files = read_bundle(path)
        check_manifest(files, report)
        bundle = Bundle(files)
        report.heads = bundle.json("heads")
        for check in (check_tree, replay, check_sheets, check_ballot, check_certificates):
            check(bundle, report)
        if head is not None and head.lower() not in {known["root"] for known in report.heads}:
            report.fault(f"Mã gốc {head} không có trong gói | The head {head} is not in the bundle")
    except Exception as error:  # noqa: BLE001 -- a forged file can raise anything: it is named, not hidden
        report.fault(f"Không đọc được gói: {error!r} | The bundle cannot be read: {error!r}")
    return report


def read_bundle(path: Path) -> dict[str, bytes]:
    """Every file of a bundle, by its path inside."""
    if path.is_dir():
        found = [one for one in path.rglob("*") if one.is_file()]
        return {one.relative_to(path).as_posix(): one.read_bytes() for one in found}
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if len(set(names)) < len(names):
            raise zipfile.BadZipFile("hai tệp cùng tên / two files of one name")
        return {name: archive.read(name) for name in names}


def check_manifest(files: dict[str, bytes], report: Report) -> None:
    """Every file has the hash that the manifest gives it; none is missing and none was added."""
    hashes = json.loads(files[MANIFEST].decode())["files"]
    listed = {f"{name}.json": "" for name in FILES.split()} | hashes  # a file that is not there has no hash
    listed[MANIFEST] = sha256(canonical({"files": hashes, "format": FORMAT}) + b"\n")
    for name in sorted(listed.keys() | files.keys()):
        if name not in files:
            report.fault(f"Thiếu tệp {name} | The file {name} is missing")
        elif name not in listed:
            report.fault(f"Tệp {name} không có trong {MANIFEST} | The file {name} is not in {MANIFEST}")
        elif sha256(files[name]) != listed[name]:
            report.fault(f"Tệp {name} đã bị sửa | The file {name} was changed")


def check_tree(bundle: Bundle, report: Report) -> None:
    """Each leaf opens to its details; each head that was ever published is that of the first so many leaves."""
    for number, (leaf, opening) in enumerate(bundle.ledger, start=1):
        event, line = json.loads(leaf), f"Nhật ký dòng {number}%s | Ledger line {number}%s"
        if opening:
            report.expect(sha256(opening), event["details_sha256"], line % ("", ""))
        elif not event["action"].startswith(tuple(PRIVATE.split())):
            report.fault(line % (": chi tiết bị giấu", ": its details are withheld"))
        report.expect(event["contest_id"], bundle.contest["id"], line % (", đợt", ", contest"))
    hashes = [hashlib.sha256(b"\x00" + leaf).digest() for leaf, _opening in bundle.ledger]
    for head in report.heads:
        at, root = f"{head['size']} ({head['made_at']})", tree_head(hashes[: head["size"]]).hex()
        report.expect(head["root"], root, f"Nhật ký bị sửa: mã gốc {at} | The ledger was changed: head {at}")
    report.expect(max([0, *(h["size"] for h in report.heads)]), len(hashes), "Số dòng | Number of lines")


def tree_head(hashes: list[bytes]) -> bytes:
    """Head of a Merkle tree (RFC 9162, 2.1.1): the left part is the largest power of two below the size."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256().digest()
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + tree_head(hashes[:half]) + tree_head(hashes[half:])).digest()


def replay(bundle: Bundle, report: Report) -> None:  # noqa: C901 -- a branch for each kind of line
    """Follow the ledger line by line; at each computation, recount it from what stood there at that moment."""
    digest, versions = bundle.contest["rules_digest"], set()
    report.expect(digest, sha256(bundle.files["rules.json"]), "Mã băm quy chế | Digest of the rules")
    for number, (leaf, opening) in enumerate(bundle.ledger, start=1):
        event: Json = json.loads(leaf)
        said: Json = json.loads(opening)["details"] if opening else {}
        action, rules = event["action"], said.get("rules_digest", digest)
        report.expect(rules, digest, f"Quy chế, dòng {number} | Rules, line {number}")
        bundle.polled = ({} if action == "ballot:open" else bundle.polled) | said.get("polls", {})
        bundle.seals = ({} if action.startswith("ballot:") else bundle.seals) | said.get("seals", {})
        if event["subject_kind"] == "score_sheets":
            follow_sheet(bundle, report, number, event, said)
        elif action == "judge:recuse":
            bundle.recused.add((event["subject_id"], said["entry_id"]))
        elif action in ("judge:lift-recusal", "judge:dismiss"):  # of one entry; of all
            seat = event["subject_id"], said.get("entry_id")
            bundle.recused -= {one for one in bundle.recused if seat in (one, (one[0], None))}
        elif action == "results:compute":
            versions.add(said["version"])
            check_result(bundle, report, said)
        elif action == "contest:move" and "entries" in said:  # as scoring opened
            now = {str(i): [e["code"], e["group"], e["facility_id"]] for i, e in bundle.entries.items()}
            for entry, row in (dict.fromkeys(now) | said["entries"]).items():
                report.expect(now.get(entry), row, f"Sản phẩm {entry} | Entry {entry}")
        elif action.startswith("ballot:"):
            bundle.closed = said if action.startswith("ballot:close") else {}
        elif action == "decision:record":
            bundle.recognised = {int(e) for e, row in bundle.closed.get("counts", {}).items() if row[3]}
        elif action in ("certificate:issue", "certificate:reissue"):
            bundle.issued[said["number"]] = said | {"recognised": bundle.recognised}
        elif action == "certificate:revoke":
            bundle.revoked[said["number"]] = said["reason"]
    report.expect(sorted(bundle.results), sorted(versions), "Các lần tính | Computations")
    for name, seal in ((name, seal) for name, seal in bundle.seals.items() if seal):
        report.expect(sha256(bundle.files[name]), seal, f"Tệp {name} theo nhật ký | {name} by the ledger")


def follow_sheet(bundle: Bundle, report: Report, number: int, event: Json, said: Json) -> None:
    """Apply one change of a sheet; what it says stood there before must have stood there."""
    sheet, marks = event["subject_id"], bundle.marks[event["subject_id"]]
    where = f"Dòng {number}, phiếu {sheet}%s | Line {number}, sheet {sheet}%s"
    for name, value in bundle.sheets.get(sheet, {}).items():
        if name in ("judge", "entry", "pass"):
            report.expect(value, said.get(name, value), where % (f", {name}", f", {name}"))
    for code, (old, new) in said.get("changes", {}).get("marks", {}).items():
        report.expect(old, marks.pop(code, None), where % (f", điểm cũ {code}", f", old mark {code}"))
        marks |= {code: new} if new is not None else {}
    if event["action"] == "score-sheet:submit":
        bundle.submitted.add(sheet)
        report.expect(said["marks"], marks, where % ("", ""))
    elif event["action"] == "score-sheet:reopen":
        bundle.submitted.discard(sheet)


def check_result(bundle: Bundle, report: Report, said: Json) -> None:
    """Recount one computation, and compare each value of each entry."""
    version, pass_no = said["version"], said.get("pass_no", 1)
    sheets = counting_sheets(bundle, pass_no)
    results = bundle.recounted[pass_no] = recount(bundle, sheets)
    stored = bundle.results.get(version, {"results": []})
    what = f"Kết quả lần {version}, %s | Result version {version}, %s"
    digest = inputs_digest(bundle, sheets, pass_no)
    wanted = {"pass": pass_no, "inputs_digest": digest, "rules_digest": bundle.contest["rules_digest"]}
    for name, value in wanted.items():
        report.expect(stored.get(name), value, what % (name, name))
        report.expect(said.get(name, value), value, what % (f"{name} (nhật ký)", f"{name} (ledger)"))
    ended = {entry: NO_RESULT | {"outcome": "not_advanced"} for entry in bundle.entries}
    ended |= {entry: row | {"spread": None} for entry, row in bundle.recounted[1].items() if not row["rank"]}
    found = {row["entry"]: row for row in stored["results"]}
    for entry in sorted(bundle.entries.keys() | found.keys()):
        code = bundle.entries.get(entry, {}).get("code", f"#{entry}")
        for name, value in (ended | results).get(entry, NO_RESULT).items():
            report.expect(found.get(entry, {}).get(name), value, what % ((f"{code}, {name}",) * 2))


def counting_sheets(bundle: Bundle, pass_no: int) -> Sheets:
    """The sheets that count in a pass: submitted, the judge not recused, in the second pass of who went on."""
    first, bar = bundle.recounted.get(1, {}), bundle.rules.get("advance_mark", 0)
    advanced = [e for e, row in first.items() if row["rank"] and row["numerator"] >= bar * row["denominator"]]
    found: Sheets = {entry: {} for entry in (bundle.entries if pass_no == 1 else advanced)}
    for sheet in bundle.submitted & bundle.sheets.keys():
        judge, entry = seat = bundle.sheets[sheet]["judge"], bundle.sheets[sheet]["entry"]
        if bundle.sheets[sheet]["pass"] == pass_no and entry in found and seat not in bundle.recused:
            criteria = bundle.criteria(bundle.entries[entry]["group"]).values()
            found[entry][judge] = {line: bundle.marks[sheet][line] for lines in criteria for line in lines}
    return found


def inputs_digest(bundle: Bundle, sheets: Sheets, pass_no: int) -> str:
    """SHA-256 of everything that went into a computation."""
    rows = sorted((bundle.entries[entry] for entry in sheets), key=lambda row: str(row["code"]))
    named = ("code", "group", "facility_id")[: 2 + (bundle.rules.get("facility_quota") is not None)]
    given = [(row["code"], *sheet) for row in rows for sheet in sorted(sheets[row["id"]].items())]
    inputs: Json = {"criteria": list(bundle.criteria("")), "entries": [[r[n] for n in named] for r in rows]}
    inputs["sheets"] = [[code, judge, list(marks.values())] for code, judge, marks in given]
    return sha256(canonical(inputs if pass_no == 1 else inputs | {"pass": pass_no}))


def recount(bundle: Bundle, sheets: Sheets) -> dict[int, Json]:
    """What the rules make of the marks, in exact fractions: value, rank, outcome and prize of each entry."""
    rules, results, reached = bundle.rules, {}, []
    keys: dict[int, tuple[Fraction, ...]] = {}  # the value and the tie-breaks; lower is better
    for entry, given in sheets.items():
        totals = sorted(sum(marks.values()) for marks in given.values())
        spread = totals[-1] - totals[0] if totals else None
        results[entry] = NO_RESULT | {"sheets": len(totals), "spread": spread}
        value = value_of(totals, rules) if len(totals) >= rules["min_sheets"] else None
        if value is None:
            continue
        parts = bundle.criteria(bundle.entries[entry]["group"]).items()
        sums = {code: sum(marks[line] for marks in given.values() for line in lines) for code, lines in parts}
        means = {code: Fraction(total, len(given)) for code, total in sums.items()}
        ties = (Fraction(spread or 0) if key == "spread" else -means[key] for key in rules["tie_break"])
        keys[entry] = (-value, *ties)
        results[entry] |= {"numerator": value.numerator, "denominator": value.denominator, "outcome": "below"}
        over = value > rules["threshold"] or (value == rules["threshold"] and rules["threshold_op"] == "ge")
        if over and all(means[criterion["code"]] >= criterion["floor"] for criterion in rules["criteria"]):
            reached.append(entry)
    names = ["value", *rules["tie_break"]]
    shared = [Counter(key[: level + 1] for key in keys.values()) for level in range(len(names))]
    for entry, (better, _equal) in placed(keys).items():
        alone = [name for i, name in enumerate(names) if shared[i][keys[entry][: i + 1]] == 1]
        results[entry] |= {"rank": better + 1, "decided_by": alone[0] if alone else "tie"}
    select(bundle, results, reached)
    award(rules, {entry: -key[0] for entry, key in keys.items()}, results)
    return results


def value_of(totals: list[int], rules: Json) -> Fraction | None:
    """The value of an entry by the declared method; None if too few sheets are left."""
    count, trim, kept = len(totals), rules["trim"], totals
    if rules["method"] == "trimmed":
        kept = totals[trim : count - trim] if count > 2 * trim else []
    elif rules["method"] == "median":
        kept = totals[(count - 1) // 2 : count // 2 + 1]
    elif rules["method"] == "without-outliers":
        kept = [total for total in totals if abs(total * count - sum(totals)) <= rules["outlier"] * count]
        kept = kept if len(kept) >= rules["min_sheets"] else []
    return Fraction(sum(kept), len(kept)) if kept else None


def placed(keys: dict[int, Any]) -> dict[int, tuple[int, int]]:
    """For each entry, how many have a lower key, and how many an equal one, itself included."""
    sizes, better, passed = Counter(keys.values()), {}, 0
    for key in sorted(sizes):
        better[key], passed = passed, passed + sizes[key]
    return {entry: (better[key], sizes[key]) for entry, key in keys.items()}


def select(bundle: Bundle, results: dict[int, Json], reached: list[int]) -> None:
    """Fill the quotas: of each facility, of each group, then in total. Equals across a cut are tied."""
    rules, per_group = bundle.rules, bundle.rules["group_quotas"]
    quotas = {"facility_id": rules.get("facility_quota"), "": rules["quota"]}
    results |= {entry: results[entry] | {"outcome": "selected"} for entry in reached}
    for part in ("facility_id", "group", ""):
        parts: defaultdict[Any, dict[int, int]] = defaultdict(dict)
        for entry in reached:
            if results[entry]["outcome"] == "selected":
                parts[bundle.entries[entry].get(part)][entry] = results[entry]["rank"]
        for name, ranks in parts.items():
            quota = per_group.get(name) if part == "group" else quotas[part]
            for entry, (better, equal) in placed(ranks).items():
                if quota is not None and better + equal > quota:
                    results[entry]["outcome"] = "reached" if better >= quota else "tied"


def award(rules: Json, values: dict[int, Fraction], results: dict[int, Json]) -> None:
    """Give the selected their class of prize; equals across the edge of a class get none and are tied."""
    prizes, by_band = rules.get("prizes", ()), rules.get("prize_by") == "band"
    rooms = [0 if by_band else min(prize["limit"], len(results)) for prize in prizes]
    places = [prize["code"] for prize, room in zip(prizes, rooms, strict=True) for _place in range(room)]
    ranks = {entry: row["rank"] for entry, row in results.items() if row["outcome"] == "selected"}
    for entry, (better, equal) in placed(ranks).items():
        classes = [prize["code"] for prize in prizes if by_band and values[entry] >= prize["limit"]][:1]
        classes += places[better : better + equal] + [None] * (better + equal > len(places) and not classes)
        tied = len(set(classes)) > 1
        results[entry] |= {"prize": None if tied else classes[0], "prize_tied": tied}


def check_sheets(bundle: Bundle, report: Report) -> None:
    """Sheets and recusals are what the ledger's last word on them is; none with marks is gone."""
    for sheet in sorted(bundle.sheets.keys() | {sheet for sheet, marks in bundle.marks.items() if marks}):
        row, what = bundle.sheets.get(sheet, {}), f"Phiếu {sheet}, %s | Sheet {sheet}, %s"
        report.expect(row.get("marks"), bundle.marks[sheet], what % ("điểm", "marks"))
        report.expect(row.get("state") == "submitted", sheet in bundle.submitted, what % ("nộp", "submitted"))
    recusals = sorted((row["judge"], row["entry"]) for row in bundle.json("recusals"))
    report.expect(recusals, sorted(bundle.recused), "Giám khảo không chấm sản phẩm | Recusals")


def check_ballot(bundle: Bundle, report: Report) -> None:
    """Counts and prizes are those of the ledger, and more than half of those who voted carry an entry."""
    ballot = bundle.json("ballot")
    items = ballot["items"] if ballot and ballot["closed_at"] else []
    counts = {str(i["entry"]): [i[n] for n in ("yes", "no", "abstain", "carried")] for i in items}
    report.expect(counts, bundle.closed.get("counts", {}), "Số phiếu biểu quyết | Counts of the ballot")
    polled = {entry: row for entry, row in bundle.polled.items() if row and items}
    report.expect(counts, counts | polled, "Số phiếu tại cuộc họp | Counts of the meeting")
    results = bundle.recounted.get(bundle.rules.get("deciding_pass", 1), {})
    for item, row in ((item, results.get(item["entry"], NO_RESULT)) for item in items):
        code, voted = bundle.entries[item["entry"]]["code"], item["yes"] + item["no"] + item["abstain"]
        report.expect(item["carried"], 2 * item["yes"] > voted, f"{code}, thông qua | {code}, carried")
        report.expect(item["on_jury_list"], row["outcome"] == "selected", f"{code}, đề cử | {code}, listed")
        prize = bundle.closed.get("prizes", {}).get(str(item["entry"]), row["prize"])
        report.expect(item.get("prize", prize), prize, f"{code}, hạng giải | {code}, prize")
        report.expect(max(voted, ballot["members"]), ballot["members"], f"{code}, số phiếu | {code}, votes")


def check_certificates(bundle: Bundle, report: Report) -> None:
    """A certificate was given for what a decision recognised, and stands only for what the last one does."""
    rows = bundle.json("certificates")
    counts = [row[name] for row in rows for name in ("number", "code", "file")]
    counts += [f"#{row['entry']}" for row in rows if row["status"] == "valid"]
    for value, count in Counter(counts).items():
        report.expect(count, 1, f"Số giấy chứng nhận cùng {value} | Certificates that share {value}")
    for row in rows:
        number, issue = row["number"], bundle.issued.pop(row["number"], {})
        what = f"Giấy {number}, %s | Certificate {number}, %s"
        founded = bundle.recognised if row["status"] == "valid" else issue.get("recognised", set())
        report.expect(founded & {row["entry"]}, {row["entry"]}, what % ("được công nhận", "recognised"))
        revoked = row["revocation_reason"] if row["status"] == "revoked" else None
        report.expect(revoked, bundle.revoked.get(number), what % ("thu hồi", "revoked"))
        bound = {"entry": issue.get("entry_id"), "sha256": issue.get("file_sha256")} | issue.get("row", {})
        for name, value in bound.items():
            report.expect(row[name], value, what % (name, name))
        report.expect(sha256(bundle.files.get(row["file"], b"")), row["sha256"], what % ("tệp", "file"))
    report.expect([], sorted(bundle.issued), "Giấy chứng nhận bị thiếu | Missing certificates")


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no spaces: equal values are equal bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def main(arguments: list[str]) -> int:
    """Verify what the command line names, say what was found, and give the exit code."""
    at = arguments.index("--head") if "--head" in arguments else len(arguments)
    paths, head = arguments[:at] + arguments[at + 2 :], "".join(arguments[at + 1 : at + 2])
    where = Path(paths[0]) if paths else Path(__file__).parent
    report = verify(where, head=None if at == len(arguments) else head)
    for known in report.heads:
        print(f"  mã gốc / head {known['size']:>6}  {known['root']}  {known['made_at']}  {known['occasion']}")
    for vi, en in report.faults:
        print(f"SAI: {vi}\n  WRONG: {en}")
    if not report.faults:
        print("ĐÚNG: tất cả đều khớp. Hãy so mã gốc với biên bản đã ký.")
        print("RIGHT: everything agrees. Compare the heads with those on the signed minutes.")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # whatever the console thinks
    sys.exit(main(sys.argv[1:]))

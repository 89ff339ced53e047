"""The sheet that an officer fills in, with what it expects written beside it."""

from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tongxin.situation.metrics import metrics

ROWS = 5_000
HEADERS = (
    ("place 地区", 24),
    ("code 代码", 14),
    ("metric 指标", 24),
    ("date 日期", 14),
    ("value 数值", 12),
    ("known_at 得知时间", 20),
    ("note 说明", 40),
)
EXAMPLES = (
    ("洪湖市", "421083", "confirmed", date(2020, 2, 12), 123, "", ""),
    ("洪湖市", "421083", "deaths", date(2020, 2, 12), 4, "", ""),
    ("Jingzhou", "CN-421000", "confirmed", date(2020, 2, 12), 1075, "2020-02-13 08:00", ""),
)
EXPLAINED = (
    (
        "place or code 地区或代码",
        "The name in Chinese or English, or the code (GB/T 2260, ISO 3166). Give the code where "
        "a name is not unique.",
        "中文或英文地名，或行政区划代码。重名地区请填代码。",
    ),
    (
        "metric 指标",
        "One of the codes or names listed below. Totals count from the start of the epidemic.",
        "下列代码或名称之一。“累计”从疫情开始算起。",
    ),
    (
        "date 日期",
        "The day the figure is about, as 2020-02-12.",
        "数据所属日期，如 2020-02-12。",
    ),
    (
        "value 数值",
        "A whole number, 0 or more. Leave it empty where you do not know; never write 0 for it. "
        "No formulas.",
        "0 或正整数。不知道就留空，不要填 0。不要用公式。",
    ),
    (
        "known_at 得知时间",
        "When the figure became known, as 2020-02-13 08:00. Empty: now.",
        "得知该数据的时间，如 2020-02-13 08:00。留空即为导入之时。",
    ),
    (
        "note 说明",
        "Why a figure was corrected. It is shown to the public beside the correction.",
        "更正数据的原因，将与更正一并公开。",
    ),
)


def write(path: Path) -> None:
    """Write the empty sheet to ``path``, with examples and explanations on sheets of their own."""
    workbook = Workbook()
    figures = workbook.active
    figures.title = "figures 数据"
    _header(figures)
    _rules(figures)
    examples = workbook.create_sheet("examples 示例")
    _header(examples)
    for row in EXAMPLES:
        examples.append(row)
    _explain(workbook.create_sheet("help 填写说明"))
    workbook.save(path)


def _header(sheet: Worksheet) -> None:
    sheet.append([name for name, _ in HEADERS])
    for cell, (_, width) in zip(sheet[1], HEADERS, strict=True):
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE9F2")
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"


def _rules(sheet: Worksheet) -> None:
    kinds = ",".join(metrics())
    rules = {
        "C": DataValidation(type="list", formula1=f'"{kinds}"', allow_blank=True),
        "D": DataValidation(
            type="date", operator="greaterThan", formula1="DATE(2000,1,1)", allow_blank=True
        ),
        "E": DataValidation(
            type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True
        ),
    }
    says = {
        "C": "See the sheet help 见“填写说明”",
        "D": "A date, as 2020-02-12 日期，如 2020-02-12",
        "E": "A whole number 请填 0 或正整数",
    }
    for column, rule in rules.items():
        rule.error, rule.errorTitle, rule.showErrorMessage = says[column], "?", True
        sheet.add_data_validation(rule)
        rule.add(f"{column}2:{column}{ROWS}")
    for row in sheet.iter_rows(min_row=2, max_row=200, min_col=4, max_col=4):
        row[0].number_format = "yyyy-mm-dd"


def _explain(sheet: Worksheet) -> None:
    sheet.append(["column 列", "English", "中文"])
    for row in EXPLAINED:
        sheet.append(row)
    sheet.append([])
    sheet.append(["metric 指标", "English", "中文"])
    for code, metric in metrics().items():
        sheet.append(
            [
                code,
                f"{metric.name_en}: {metric.definition_en}",
                f"{metric.name_zh}：{metric.definition_zh}",
            ]
        )
    for letter, width in (("A", 26), ("B", 80), ("C", 60)):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)

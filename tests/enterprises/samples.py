"""Well-formed codes and uploaded tables for the tests of this room."""

import csv
import io

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum.cn import uscc

from lianqi.engines.identifiers import uscc_warnings
from lianqi.enterprises.models import ImportBatch

PASSWORD = "Qiye-zhuce-2026"
HEADER = [
    "统一社会信用代码",
    "企业名称",
    "类别",
    "行业代码",
    "从业人员",
    "营业收入（万元）",
    "资产总额（万元）",
    "地址",
    "联系人",
    "联系电话",
]


def code(number: int, kind: str = "91") -> str:
    """Return a credit code that passes both of its check characters."""
    bodies = (f"{kind}410700MA{number:06d}{check}" for check in "0123456789X")
    codes = (body + uscc.calc_check_digit(body) for body in bodies)
    return next(code for code in codes if not uscc_warnings(code))


def xlsx(rows, name="企业.xlsx") -> SimpleUploadedFile:
    """Return an uploaded workbook of one sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                write = sheet.write_string if isinstance(value, str) else sheet.write
                write(number, column, value)
    return SimpleUploadedFile(name, out.getvalue())


def firm_row(number: int, **cells):
    """Return the cells of one sound row."""
    row = {
        "统一社会信用代码": code(number),
        "企业名称": f"新乡第{number}机械有限公司",
        "类别": "",
        "行业代码": "C34",
        "从业人员": 120,
        "营业收入（万元）": 5600,
        "资产总额（万元）": "",
        "地址": "示例路1号",
        "联系人": "王某",
        "联系电话": "13800138000",
        **cells,
    }
    return [row[heading] for heading in HEADER]


def registration(number: int = 1, **facts) -> dict:
    """Return what the registration form sends."""
    return {
        "kind": "company",
        "uscc": code(number),
        "name": "新乡示例机械有限公司",
        "industry_code": "c34",
        "employees": "1,200人",
        "revenue_wan": "56,000.50",
        "assets_wan": "",
        "address": "示例路1号",
        "contact_name": "王某",
        "contact_phone": "138 0013 8000",
        "username": "Shili01",
        "password": PASSWORD,
        "password_again": PASSWORD,
        "consent": "on",
        "website": "",
        **facts,
    }


def csv_file(rows, encoding="utf-8", name="企业.csv"):
    """Return an uploaded csv."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return SimpleUploadedFile(name, out.getvalue().encode(encoding))


def upload(client, file, key=""):
    """Hand a file in on the import page."""
    return client.post("/enterprises/imports/", {"file": file, "idempotency_key": key})


def uploaded(client, *rows) -> ImportBatch:
    """Return the batch that a workbook of these rows became."""
    upload(client, xlsx([HEADER, *rows]))
    return ImportBatch.objects.get()


def problems(batch):
    """Return line, column and message of all that is wrong."""
    return [
        (row["line"], problem["column"], problem["message"])
        for row in batch.errors
        for problem in row["problems"]
    ]

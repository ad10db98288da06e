import yaml
from checkout import ROOT

import schema as schema_tool
from creativity.campaign.validation import schema


def test_the_schema_file_is_written_from_the_dataclasses():
    assert yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text()) == schema()


def test_the_schema_tool_writes_that_very_file():
    assert schema_tool.PATH.resolve() == ROOT / "workflow/schemas/config.schema.yaml"
    assert schema_tool.PATH.read_text() == schema_tool.text()

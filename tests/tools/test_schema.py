import yaml
from checkout import ROOT

from creativity.campaign.validation import schema


def test_the_schema_file_is_written_from_the_dataclasses():
    assert yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text()) == schema()

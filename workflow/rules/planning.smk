# Planning of large campaigns. Snakemake asks each function for its parameters, several times a job: they are worked out here, once. Where
# it wraps a function (`unpack`, resources), `with_signature` stands beside the function.

from snakemake.resources import Resource

of_rules = [item for rule in workflow.rules for item in (*rule.input, *rule.params)]
for item in (Resource.evaluate, *globals().values(), *of_rules):
    if inspect.isfunction(item):
        with_signature(item)

# Which denoisers copy their training images, which create, and is what they create real?
#
#   images --subset--> train, held-out, reference --train--> denoiser --sample--> samples --neighbours--> neighbours
#                                                                |--measure--> measures --plot--> figures, page --track--> MLflow

if not workflow.overwrite_configfiles:  # a campaign given by --configfile stands alone

    configfile: "config/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/params.smk"
include: "workflow/rules/files.smk"
include: "workflow/rules/job.smk"
include: "workflow/rules/subset.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/calibrate.smk"
include: "workflow/rules/sample.smk"
include: "workflow/rules/neighbours.smk"
include: "workflow/rules/measure.smk"
include: "workflow/rules/controls.smk"
include: "workflow/rules/compare.smk"
include: "workflow/rules/together.smk"
include: "workflow/rules/plot.smk"
include: "workflow/rules/study.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/track.smk"
include: "workflow/rules/planning.smk"


report: "workflow/report/workflow.rst"


onstart:
    for line in plan_lines():
        print(line, file=sys.stderr)


onerror:
    if not PARTIAL:
        text = "`make report` draws up the summaries without the runs that failed or are missing."
        print(text, file=sys.stderr)


rule all:
    default_target: True
    input:
        [path for campaign in CAMPAIGNS for path in results(campaign)],
        study_results(),
    message:
        "all results are there"

"""The page of one run."""

from datetime import datetime

from partwise.report.confusion import confusion_matrices
from partwise.report.evaluation import METRICS, Evaluation
from partwise.report.markup import node
from partwise.report.numbers import count
from partwise.report.page import Section, page, tiles
from partwise.report.pictures import pictures, shape_scores
from partwise.report.precision import precision_recall
from partwise.report.run import Run
from partwise.report.scores import class_tables, score_tables, score_tiles
from partwise.report.training import settings_table, training_curves, training_facts


def report(run: Run) -> str:
    """The run as one HTML file: scores, curves, tables, pictures and all settings."""
    name = run.folder.resolve().name
    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    sections = [section for evaluation in run.evaluations for section in _evaluation(evaluation)]
    if run.training is not None:
        training = run.training
        sections += [Section("Training", [tiles(training_facts(training)), training_curves(training)]),
                     Section("Settings", [settings_table(training)])]
    notes = [*run.missing, *([] if run.evaluations else [
        f"{run.folder}: no evaluation lies in or beside it, so there are no scores; run `partwise evaluate --model "
        f"{run.folder} --data DATA --out {run.folder / 'test'}`"])]
    return page(f"{run.category}: {name}", f"{run.folder.resolve()}, {made}", sections, notes)


def _evaluation(evaluation: Evaluation) -> list[Section]:
    made_by = (f"{evaluation.n_shape} shapes of {evaluation.split}; model {evaluation.model} after "
               f"{count(evaluation.iteration)} steps; {evaluation.folder / METRICS}")
    return [Section(f"Scores on {evaluation.split}", [node("p", made_by, class_="pale"),
                                                      tiles(score_tiles(evaluation)), *score_tables(evaluation)]),
            Section("Classes", class_tables(evaluation), 3),
            Section("Precision and recall", precision_recall(evaluation), 3),
            Section("Confusion of classes", confusion_matrices(evaluation), 3),
            Section("Shapes", [*shape_scores(evaluation), *pictures(evaluation)], 3)]

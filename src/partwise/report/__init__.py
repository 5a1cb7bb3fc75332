"""Pages for people about training runs and evaluations, each one file that needs nothing beside itself."""

from partwise.report.comparison import Comparison, compare
from partwise.report.comparison_page import comparison_page
from partwise.report.page import write_page
from partwise.report.report import report
from partwise.report.run import Run, read_run

__all__ = ["Comparison", "Run", "compare", "comparison_page", "read_run", "report", "write_page"]

"""Scores of semantic and instance labels, under PartNet's protocol and under the released system's."""

from partwise.config import Protocol
from partwise.metrics.average_precision import average_precision, average_precisions, precision_curves
from partwise.metrics.comparison import Comparison, JointTable, compare, compare_masks, joint_table
from partwise.metrics.instances import InstanceMetric, InstanceScores
from partwise.metrics.numbering import PredictedInstances, number_instances, predicted_instances
from partwise.metrics.semantic import SemanticMetric, SemanticScores

__all__ = ["Comparison", "InstanceMetric", "InstanceScores", "JointTable", "PredictedInstances", "Protocol",
           "SemanticMetric", "SemanticScores", "average_precision", "average_precisions", "compare", "compare_masks",
           "joint_table", "number_instances", "precision_curves", "predicted_instances"]

"""Scores of semantic and instance labels, under PartNet's protocol and under the released system's."""

from partwise.metrics.average_precision import average_precision
from partwise.metrics.comparison import Comparison, Protocol, compare, compare_masks
from partwise.metrics.instances import InstanceMetric, InstanceScores
from partwise.metrics.numbering import PredictedInstances, number_instances, predicted_instances
from partwise.metrics.semantic import SemanticMetric, SemanticScores

__all__ = ["Comparison", "InstanceMetric", "InstanceScores", "PredictedInstances", "Protocol",
           "SemanticMetric", "SemanticScores", "average_precision", "compare", "compare_masks",
           "number_instances", "predicted_instances"]

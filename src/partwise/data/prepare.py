"""From PartNet's files to stores: finds what there is, skips what is done, writes ``<out>/<Category>/<split>.h5``."""

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from partwise.data.annotations import FILES, META, Meta, read_annotation, read_meta
from partwise.data.jobs import Advance, run_tasks
from partwise.data.partnet import n_point_of, n_shape_of, partnet_files, read_partnet
from partwise.data.store import Store, StoreWriter
from partwise.errors import InputError
from partwise.files import make_folder, numeric_order
from partwise.shape import Shape
from partwise.taxonomy import (SPLITS, UNLISTED, categories, category_error, load_taxonomy, partnet_splits,
                               read_splits)

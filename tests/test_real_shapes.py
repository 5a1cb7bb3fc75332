"""The benchmark on real furniture: its table of IKEA parts, its figures by hand, and a run on a synthetic store."""

import json

import numpy as np
import pytest
import trimesh
from benchmarks.real_furniture import (
    IKEA_PARTS,
    N_POINT,
    SETS,
    TURNS,
    RealShape,
    class_of_node,
    ikea,
    ikea_nodes,
    joined,
    nearest_faces,
)
from benchmarks.real_shapes import (
    Labels,
    Prediction,
    Settings,
    class_agnostic_ap50,
    level_map50,
    main,
    measure,
    totals,
)

from partwise.mesh import Mesh
from partwise.taxonomy import load_taxonomy

TABLE = json.loads(IKEA_PARTS.read_text())
BACK, ARM, BASE, SEAT = 2, 3, 4, 5  # of Chair
TABLETOP, TABLE_BASE = 9, 10  # of Table


def made(semantic, found, instance=None, found_instance=None, category="Chair", entropy=0.0) -> Prediction:
    """A prediction of a shape from lists, whose fine instances are its classes if not given."""
    semantic, found = np.array(semantic), np.array(found)
    instance = semantic if instance is None else np.array(instance)
    found_instance = found if found_instance is None else np.array(found_instance)
    nowhere = np.zeros((len(semantic), 3))
    labels = Labels(found, found_instance, np.full(len(found), entropy))
    return Prediction(RealShape("made", category, nowhere, nowhere, semantic, instance), labels, labels)


def box(width: float, place: tuple[float, float, float]) -> Mesh:
    made = trimesh.creation.box((width, 1.0, 1.0)).apply_translation(place)
    return Mesh(made.vertices, made.faces)


def test_the_table_names_classes_of_the_taxonomy():
    for name, entry in TABLE["shapes"].items():
        assert set(entry["parts"].values()) <= set(load_taxonomy(entry["category"]).level(1).names[1:]), name
        assert entry.get("front", "+z") in TURNS, name
    assert {entry["category"] for entry in TABLE["shapes"].values()} == {one.category for one in SETS}


def test_the_table_has_every_file_once(shared):
    files = sorted(path.stem for path in (shared / "data" / "ikea_furniture").glob("*.glb"))
    assert sorted([*TABLE["shapes"], *TABLE["left_out"]]) == files


def test_the_table_has_every_node(shared):
    for name, entry in TABLE["shapes"].items():
        nodes = ikea_nodes(shared / "data" / "ikea_furniture" / f"{name}.glb")
        needed = {node if node in entry["parts"] else node.rpartition("_")[0] for node in nodes}
        assert needed == set(entry["parts"]), name


def test_ikea_shapes_lie_on_their_meshes(shared):
    shapes = list(ikea(shared / "data", "Table"))
    assert len(shapes) == sum(entry["category"] == "Table" for entry in TABLE["shapes"].values())
    for shape in shapes:
        corners = shape.mesh.vertices[shape.mesh.faces[shape.face]]  # (N, 3 corners, 3)
        assert shape.points.shape == (N_POINT, 3)
        assert (shape.points >= corners.min(1) - 1e-9).all()
        assert (shape.points <= corners.max(1) + 1e-9).all()
        np.testing.assert_allclose(((shape.points - corners[:, 0]) * shape.normals).sum(1), 0, atol=1e-9)
        # sides may reach as high as the top, but nothing higher
        assert shape.points[shape.semantic == TABLETOP, 1].max() == pytest.approx(shape.points[:, 1].max(), abs=0.01)


def test_annotated_shapes_lie_on_their_meshes(shared):
    sets = {one.title: one for one in SETS}
    for shape in sets["PartNet storage furniture"].read(shared / "data"):
        corners = shape.mesh.vertices[shape.mesh.faces[shape.face]]
        nearest = trimesh.triangles.closest_point(corners, shape.points.astype(float))
        assert np.quantile(np.linalg.norm(nearest - shape.points, axis=1), 0.99) < 1e-3


@pytest.mark.parametrize("front", TURNS)
def test_turns_bring_the_front_to_z(front):
    direction = {"x": (1, 0, 0), "z": (0, 0, 1)}[front[1]] * np.array(1 if front[0] == "+" else -1)
    turn = np.array(TURNS[front])
    assert (turn @ direction).tolist() == [0, 0, 1]
    assert (turn @ [0, 1, 0]).tolist() == [0, 1, 0]
    assert round(np.linalg.det(turn)) == 1


def test_a_whole_name_goes_before_the_name_without_its_number():
    parts = {"flat": "cabinet/shelf", "flat_5": "cabinet/cabinet_frame"}
    assert class_of_node("flat_5", parts) == "cabinet/cabinet_frame"
    assert class_of_node("flat_3", parts) == "cabinet/shelf"
    with pytest.raises(KeyError):
        class_of_node("top_1", parts)


def test_touching_parts_keep_their_points():
    mesh, owner = joined([(7, box(1.0, (0, 0, 0))), (3, box(1.0, (1, 0, 0)))])
    assert owner.tolist() == [7] * 12 + [3] * 12
    # the first two lie on the side that both have, the third on the first box though it is said to be of the second
    points = np.array([[0.5, 0.1, 0.2], [0.5, 0.1, 0.2], [-0.5, 0.2, 0.1]])
    face = nearest_faces(mesh, owner, np.repeat(points, 50, axis=0), np.repeat([7, 3, 3], 50))[::50]
    assert owner[face].tolist() == [7, 3, 7]


def test_miou_counts_wrong_classes():
    # back: 2 shared, 4 true, 2 predicted; seat: 3 shared, 4 true, 4 predicted; an arm that is not there; other
    found = measure([made([BACK] * 4 + [SEAT] * 4, [BACK, BACK, ARM, SEAT, SEAT, SEAT, SEAT, 0])])
    assert found["iou"] == {"chair_back": pytest.approx(2 / 4), "chair_seat": pytest.approx(3 / 5)}
    assert found["miou"] == pytest.approx((2 / 4 + 3 / 5) / 2)


def test_miou_pools_points_of_shapes():
    # separately base has IoU 1 and 0, of all points 9 of 10
    shapes = [made([BASE] * 9, [BASE] * 9), made([BASE], [SEAT])]
    assert measure(shapes)["iou"] == {"chair_base": pytest.approx(0.9)}
    assert [one.miou for one in shapes] == [1, 0]


def test_totals_pool_by_category():
    chair = made([BASE, SEAT], [BASE, BASE])
    table = made([TABLETOP] * 4, [TABLETOP] * 3 + [TABLE_BASE], category="Table")
    found = totals([chair, table])
    assert found["all real chairs"]["miou"] == pytest.approx((0.5 + 0) / 2)
    together = found["all real furniture (Chair, Table)"]
    assert together["iou"] == {"chair_base": 0.5, "chair_seat": 0, "regular_table/tabletop": 0.75}
    assert together["miou"] == pytest.approx((0.5 + 0 + 0.75) / 3)
    assert list(totals([table])) == ["all real furniture (Table)"]


def test_class_agnostic_ap50_does_not_see_classes():
    """Two parts of 40 points, found with a wrong class."""
    truth = [0] * 40 + [1] * 40
    one = made([BACK] * 80, [ARM] * 80, truth, [5] * 30 + [6] * 20 + [7] * 30)
    # instances 5 and 7 have 30 of 40 points and 6 has 10 of 50; of equal confidence, they count in this order
    assert class_agnostic_ap50([one]) == pytest.approx((51 + 50 * 2 / 3) / 101)
    exact = made([BACK] * 80, [ARM] * 80, truth, truth)
    assert class_agnostic_ap50([exact]) == 1
    missed = made([BACK] * 80, [ARM] * 80, truth, [0] * 40 + [1] * 20 + [2] * 20)
    # half of a part has an IoU of 0.5, which is not above 0.5
    assert class_agnostic_ap50([missed]) == pytest.approx(51 / 101)


def test_class_agnostic_ap50_leaves_other_out():
    # 20 points of no part, which a prediction covers too; a prediction of class other is none
    one = made([BACK] * 60, [BACK] * 40 + [0] * 20, [0] * 20 + [-1] * 20 + [1] * 20, [0] * 60)
    assert class_agnostic_ap50([one]) == pytest.approx(51 / 101)


def test_map50_of_a_level_needs_its_truth():
    classes, instances = np.array([BACK] * 20 + [SEAT] * 20), np.array([0] * 20 + [1] * 20)
    right = made(classes, classes, instances, instances)
    assert level_map50([right], 1) is None
    assert level_map50([right], 3) is None
    shape = RealShape("made", "Chair", right.shape.points, right.shape.normals, classes, instances, instances, classes)
    wrong = made(classes, [BACK] * 40, instances, instances)
    assert level_map50([Prediction(shape, right.coarse, right.fine)], 1) == 1
    # the back is found, and the wrong one after it takes nothing from its AP; the seat is not
    assert level_map50([Prediction(shape, wrong.coarse, right.fine)], 1) == 0.5
    assert level_map50([Prediction(shape, wrong.coarse, right.fine)], 3) == 1
    assert level_map50([Prediction(shape, right.coarse, right.fine), right], 1) is None


def test_a_run_without_real_shapes(chair_data, trained, tmp_path, capsys):
    models = tmp_path / "models"
    models.mkdir()
    (models / "Chair").symlink_to(trained)
    results = main(Settings(models, data=tmp_path, store=chair_data / "Chair" / "val.h5", json=tmp_path / "out.json",
                            pictures=tmp_path / "pictures", worst=2))
    printed = capsys.readouterr()
    assert "IKEA chairs: skipped" in printed.err
    assert "Table: skipped" in printed.err
    assert printed.out.startswith("synthetic shapes (4 shapes): level-1 mIoU")
    assert list(results["sets"]) == ["synthetic shapes"]
    assert results["totals"] == {}
    assert results == json.loads((tmp_path / "out.json").read_text())
    assert (tmp_path / "pictures" / "synthetic-shapes.png").is_file()


def test_a_folder_without_models(tmp_path):
    with pytest.raises(SystemExit, match="expected one or more of Chair"):
        main(Settings(tmp_path))

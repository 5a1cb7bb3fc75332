import pytest
import tyro

from partwise.cli.prepare import Annotations, Partnet
from partwise.data.store import Store
from tests.data.partnet_files import write_annotation, write_pair


def test_partnet(tmp_path, capsys):
    write_pair(tmp_path / "in" / "Chair" / "train-00.h5", count=2)
    arguments = [str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--category", "Chair",
                 "--workers", "1"]
    for told in ("2 shapes\n", "2 shapes (finished before)\n"):
        tyro.cli(Partnet, args=arguments).run()
        assert capsys.readouterr().out == f"{tmp_path / 'out' / 'Chair' / 'train.h5'}: {told}"


def test_annotations(tmp_path, capsys):
    write_annotation(tmp_path / "in" / "5")
    tyro.cli(Annotations, args=[str(tmp_path / "in"), "--out", str(tmp_path / "out")]).run()
    assert "unlisted.h5: 1 shapes" in capsys.readouterr().out
    assert Store(tmp_path / "out" / "Chair" / "unlisted.h5").anno_id == ["5"]


@pytest.mark.parametrize("command", [Partnet, Annotations])
def test_help_explains_every_option(command, capsys):
    with pytest.raises(SystemExit):
        tyro.cli(command, args=["--help"])
    printed = capsys.readouterr().out
    assert "finished splits are skipped" in printed
    assert all(f"--{name}" in printed for name in ("out", "category", "workers", "overwrite"))

"""Variables that are not conserved."""

from __future__ import annotations

import numpy as np
import pytest

from planmodel.engine import Board, DeclarationError, Variable


@pytest.fixture
def board() -> Board:
    variables = [Variable("price", "rubles", "market price", 2.0), Variable("effort", "share", "effort")]
    return Board(variables, members=3)


def test_variables_start_at_their_initial_values(board: Board) -> None:
    assert board["price"].tolist() == [2.0] * 3
    assert board["effort"].tolist() == [0.0] * 3


def test_a_reader_sees_the_opening_value_until_settlement(board: Board) -> None:
    board["price"] = np.array([1.0, 5.0, 9.0])
    assert board["price"].tolist() == [2.0] * 3
    board.settle()
    assert board["price"].tolist() == [1.0, 5.0, 9.0]
    assert board["effort"].tolist() == [0.0] * 3


def test_a_number_is_written_to_every_member(board: Board) -> None:
    board["effort"] = 0.5
    board.settle()
    assert board["effort"].tolist() == [0.5] * 3


def test_what_is_not_written_again_stays(board: Board) -> None:
    board["price"] = 3.0
    board.settle()
    board["effort"] = 1.0
    board.settle()
    assert board["price"].tolist() == [3.0] * 3


def test_two_writers_in_one_phase_are_refused_but_not_in_two(board: Board) -> None:
    board["price"] = 1.0
    with pytest.raises(DeclarationError, match="'price' is written twice"):
        board["price"] = 1.0
    board.settle()
    board["price"] = 4.0
    board.settle()
    assert board["price"].tolist() == [4.0] * 3


@pytest.mark.parametrize("price_first", [True, False])
def test_a_view_of_another_variable_is_copied(board: Board, price_first: bool) -> None:
    """Two variables swap their opening values, in whatever order they are written."""
    board["effort"] = 7.0
    board.settle()
    for name, other in [("price", "effort"), ("effort", "price")][:: 1 if price_first else -1]:
        board[name] = board[other]
    board.settle()
    assert board["price"].tolist() == [7.0] * 3
    assert board["effort"].tolist() == [2.0] * 3


def test_a_slice_of_an_array_that_is_used_again_is_copied(board: Board) -> None:
    plan = np.arange(6.0).reshape(2, 3)
    board["price"] = plan[1]
    plan[:] = -1.0
    board.settle()
    assert board["price"].tolist() == [3.0, 4.0, 5.0]


def test_undeclared_names_are_refused(board: Board) -> None:
    with pytest.raises(DeclarationError, match="'prise'"):
        board["prise"] = 1.0
    with pytest.raises((KeyError, DeclarationError), match="prise"):
        board["prise"]


def test_a_name_declared_twice_is_refused() -> None:
    with pytest.raises(DeclarationError, match="'price'"):
        Board([Variable("price", "rubles", "one"), Variable("price", "rubles", "two")], members=1)


def test_a_value_of_the_wrong_length_is_refused(board: Board) -> None:
    board["price"] = np.array([1.0, 2.0])
    with pytest.raises(ValueError, match="broadcast"):
        board.settle()

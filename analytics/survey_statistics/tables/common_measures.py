"""Measures that the layers of a two by two table have in common, as functions of shares, with their derivatives.

Belongs here: Mantel and Haenszel's way of pooling layers, for arrays. Does not belong here: intervals and rows
(``effect``), plain counts (``exact``).

Mantel and Haenszel (1959), Journal of the National Cancer Institute 22, 719-748; ratio and difference of risks:
Greenland and Robins (1985), Biometrics 41, 55-68. Under a design: Graubard, Fears and Gail (1989), Biometrics 45,
1053-1071. With shares in place of counts nothing changes: layers count by their estimated size.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analytics.survey_statistics.sample.frame import FloatArray
from analytics.survey_statistics.tables.association_measures import TableMeasure

# Parts of a measure for each layer: products of sums of cells over the size of the layer. A sum is named by cells
# 0 to 3: (0, 0), (0, 1), (1, 0), (1, 1).
Product = tuple[tuple[int, ...], tuple[int, ...]]
# The second row in the second column, against the first column.
ODDS: tuple[Product, Product] = (((0,), (3,)), ((1,), (2,)))
RISK: tuple[Product, Product] = (((3,), (0, 2)), ((2,), (1, 3)))
SIZES: Product = ((0, 2), (1, 3))


def _pooled(product: Product, cells: FloatArray) -> FloatArray:
    """Sum over layers of the product over the size of the layer, for cells (..., L, 4)."""
    left, right = (cells[..., list(places)].sum(axis=-1) for places in product)
    size = cells.sum(axis=-1)
    parts = np.divide(left * right, size, out=np.zeros_like(size), where=size != 0)
    return np.asarray(parts.sum(axis=-1))


def _pooled_slope(product: Product, cells: FloatArray) -> FloatArray:
    """Its derivatives (L, 4)."""
    left, right = (cells[:, list(places)].sum(axis=1)[:, None] for places in product)
    in_left, in_right = (np.isin(np.arange(4), places).astype(float) for places in product)
    size = cells.sum(axis=1)[:, None]
    slope = in_left * right + in_right * left - left * right / np.where(size != 0, size, 1.0)
    return np.asarray(np.divide(slope, size, out=np.zeros_like(slope), where=size != 0))


def _ratio(above: Callable[[FloatArray], FloatArray], above_slope: Callable[[FloatArray], FloatArray],
           below: Product) -> TableMeasure:  # fmt: skip
    def value(shares: FloatArray) -> FloatArray:
        cells = shares.reshape(*shares.shape[:-2], 4)
        return np.asarray(above(cells) / _pooled(below, cells))

    def slope(shares: FloatArray) -> FloatArray:
        cells = shares.reshape(-1, 4)
        bottom = _pooled(below, cells)
        found = (above_slope(cells) - above(cells) / bottom * _pooled_slope(below, cells)) / bottom
        return np.asarray(found.reshape(shares.shape))

    return TableMeasure(value, slope)


def _of(top: Product, bottom: Product) -> TableMeasure:
    return _ratio(lambda cells: _pooled(top, cells), lambda cells: _pooled_slope(top, cells), bottom)


# Shares are (..., L, 2, 2).
COMMON_ODDS_RATIO = _of(*ODDS)
COMMON_RISK_RATIO = _of(*RISK)
COMMON_RISK_DIFFERENCE = _ratio(
    lambda cells: _pooled(RISK[0], cells) - _pooled(RISK[1], cells),
    lambda cells: _pooled_slope(RISK[0], cells) - _pooled_slope(RISK[1], cells),
    SIZES,
)

namespace MlNetDl.Clustering;

/// <summary>The assignment of rows to columns, each to one, whose costs together are least: the Hungarian method (Kuhn 1955; by shortest
/// augmenting paths, Jonker and Volgenant 1987), in O(rows² · columns).</summary>
public static class Assignment
{
    /// <summary>The column of each row; −1 for rows that are left over where there are fewer columns.</summary>
    /// <param name="costs">The cost of each pair, [rows, columns], finite. Negate figures that are to be great.</param>
    /// <exception cref="ArgumentException">A cost is not finite.</exception>
    public static IReadOnlyList<int> Best(double[,] costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        var (rows, columns) = (costs.GetLength(0), costs.GetLength(1));
        foreach (double cost in costs)
        {
            if (!double.IsFinite(cost))
            {
                throw new ArgumentException($"An assignment adds costs, so each must be a finite number, but one is {cost}; give pairs that must not be a "
                    + "cost above all others.", nameof(costs));
            }
        }

        if (rows <= columns)
        {
            return OfWide(costs.GetLength(0), columns, (i, j) => costs[i, j]);
        }

        var ofColumns = OfWide(columns, rows, (i, j) => costs[j, i]);
        var result = Enumerable.Repeat(-1, rows).ToArray();
        foreach (var (column, row) in ofColumns.Index())
        {
            result[row] = column;
        }

        return result;
    }

    // Each row in turn finds a path of least reduced cost to a free column. Place 0 is the row that seeks one.
    private static int[] OfWide(int rows, int columns, Func<int, int, double> cost)
    {
        var (ofRow, ofColumn) = (new double[rows + 1], new double[columns + 1]);
        var (owner, before) = (new int[columns + 1], new int[columns + 1]);
        for (int row = 1; row <= rows; row++)
        {
            owner[0] = row;
            int at = 0;
            var least = Enumerable.Repeat(double.PositiveInfinity, columns + 1).ToArray();
            var isDone = new bool[columns + 1];
            do
            {
                isDone[at] = true;
                double step = double.PositiveInfinity;
                int next = 0;
                for (int j = 1; j <= columns; j++)
                {
                    if (isDone[j])
                    {
                        continue;
                    }

                    double reduced = cost(owner[at] - 1, j - 1) - ofRow[owner[at]] - ofColumn[j];
                    (least[j], before[j]) = reduced < least[j] ? (reduced, at) : (least[j], before[j]);
                    (step, next) = least[j] < step ? (least[j], j) : (step, next);
                }

                for (int j = 0; j <= columns; j++)
                {
                    if (isDone[j])
                    {
                        (ofRow[owner[j]], ofColumn[j]) = (ofRow[owner[j]] + step, ofColumn[j] - step);
                    }
                    else
                    {
                        least[j] -= step;
                    }
                }

                at = next;
            }
            while (owner[at] != 0);

            for (; at != 0; at = before[at])
            {
                owner[at] = owner[before[at]];
            }
        }

        var result = new int[rows];
        for (int j = 1; j <= columns; j++)
        {
            if (owner[j] > 0)
            {
                result[owner[j] - 1] = j - 1;
            }
        }

        return result;
    }
}

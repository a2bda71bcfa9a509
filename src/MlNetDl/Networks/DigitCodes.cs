namespace MlNetDl.Networks;

/// <summary>Pictures of the digits, 7×12, as codes of ±1: the targets of LeNet-5's layer F6 (LeCun et al.
/// 1998, figure 3).</summary>
/// <remarks>
/// Drawn by hand after figure 3, which is a picture only: the paper prints no table, so these are not its codes bit for
/// bit and cannot be shown to be. Implementations in circulation either draw their own digits too or copy one and the
/// same unsourced transcription. What the network needs of the codes holds: 84 values of ±1, all ten apart.
/// </remarks>
internal static class DigitCodes
{
    private const int Width = 7;

    private static readonly string[] Picture =
    [
        "..###..  ...#...  .#####.  .#####.  #.....#  #######  ..####.  #######  .#####.  .#####.",
        ".#...#.  ..##...  #.....#  #.....#  #.....#  #......  .#.....  ......#  #.....#  #.....#",
        "#.....#  .#.#...  ......#  ......#  #.....#  #......  #......  ......#  #.....#  #.....#",
        "#.....#  ...#...  ......#  ......#  #.....#  #......  #......  .....#.  #.....#  #.....#",
        "#.....#  ...#...  .....#.  ......#  #.....#  #......  #......  .....#.  #.....#  #.....#",
        "#.....#  ...#...  ....#..  ..####.  #######  ######.  ######.  ....#..  .#####.  .######",
        "#.....#  ...#...  ...#...  ......#  ......#  ......#  #.....#  ....#..  #.....#  ......#",
        "#.....#  ...#...  ..#....  ......#  ......#  ......#  #.....#  ...#...  #.....#  ......#",
        "#.....#  ...#...  .#.....  ......#  ......#  ......#  #.....#  ...#...  #.....#  ......#",
        "#.....#  ...#...  #......  ......#  ......#  ......#  #.....#  ..#....  #.....#  ......#",
        ".#...#.  ...#...  #......  #.....#  ......#  #.....#  #.....#  ..#....  #.....#  .....#.",
        "..###..  .#####.  #######  .#####.  ......#  .#####.  .#####.  ..#....  .#####.  .####..",
    ];

    /// <summary>Ten codes of 84 values, row by row.</summary>
    public static ValueList<ValueList<float>> All { get; } = Enumerable.Range(0, 10).Select(digit =>
        Picture.SelectMany(row => row.Split("  ")[digit].Take(Width)).Select(c => c == '#' ? 1f : -1f).ToValueList()).ToValueList();
}

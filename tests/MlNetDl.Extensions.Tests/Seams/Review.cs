using Microsoft.ML.Data;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>A few words, of a length of their own, that say good or bad.</summary>
internal sealed class Review
{
    private static readonly string[] Good = ["good", "fine", "well done"], Bad = ["bad", "poor", "ill done"];

    public static List<Review> All { get; } = [.. Enumerable.Range(0, 240).Select(i => new Review(i))];

    public Review(int number)
    {
        Kind = (uint)(number % 2);
        var words = Kind == 1 ? Good : Bad;
        Text = $"it is {words[number % 3]}{new string('.', number % 7)}";
        Number = number;
        Four = [1, 2, 3, (int)Kind + 4];
    }

    public Review() : this(0)
    {
    }

    public string Text { get; set; }

    public float Number { get; set; }

    [VectorType(4)]
    public int[] Four { get; set; }

    [KeyType(2)]
    public uint Kind { get; set; }

    public long[] Bytes => Array.ConvertAll(System.Text.Encoding.UTF8.GetBytes(Text), b => b + 1L);

    public string[] Characters => [.. Text.Select(c => $"{c}")];
}

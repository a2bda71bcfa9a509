namespace MlNetDl.Experiments;

/// <summary>A known cause of what images show, such as the place of an object.</summary>
/// <param name="Name">Its name in results and messages.</param>
/// <param name="Size">The number of its values, 1 or more. A factor of one value says nothing about codes and is left
/// out of all scores.</param>
/// <param name="Ordered">Whether its values are in an order with equal steps, such as places or sizes; otherwise they are
/// classes, such as shapes.</param>
public sealed record Factor(string Name, int Size, bool Ordered = true);

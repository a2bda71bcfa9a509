using MlNetDl.Configuration;
using MlNetDl.Tests.Contracts;
using MlNetDl.Training.Augmentation;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training;

/// <summary>Every augmentation of the catalog keeps the contract.</summary>
[Collection("torch")]
public sealed class AugmentationContractTests
{
    private static readonly ContractCases Cases = ContractCases.OfCatalog(Catalogs.Augmentations, AugmentationContract.Of);

    public static TheoryData<string, string> Kept => Cases.Kept;

    [Theory]
    [MemberData(nameof(Kept))]
    public void Every_augmentation_keeps_the_contract(string augmentation, string fact) => Cases.Run(augmentation, fact);

    [Theory]
    [InlineData("The same random numbers give the same batch, and others another")]
    [InlineData("It keeps the form of a batch: dimensions, types, names, and which rows they are")]
    [InlineData("It leaves the batch that it gets as it is")]
    [InlineData("Pixels stay within 0 to 255")]
    [InlineData(AugmentationContract.RowByRow)]
    [InlineData("Settings that are not a number, or far below 0, are refused")]
    public void The_contract_finds_a_bad_augmentation(string fact)
    {
        var e = Assert.Throws<ContractException>(AugmentationContract.Of(new BadAugmentation()).Named(fact).Run);
        Assert.Contains($" breaks '{fact}': ", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Brightens beyond white by what the batch holds and by a generator of its own, in place, and cuts a row
    /// of pixels off.</summary>
    private sealed record BadAugmentation : Augmentation
    {
        private static readonly Random Own = new(1);

        public double Strength { get; init; } = 100;

        public override Tensor Apply(Tensor images, Random random)
        {
            images.add_((Strength * Own.NextDouble()) + (images.mean() / 255));
            return images.narrow(2, 1, images.shape[2] - 1);
        }
    }
}

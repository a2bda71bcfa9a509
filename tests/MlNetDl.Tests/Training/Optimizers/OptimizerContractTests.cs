using MlNetDl.Configuration;
using MlNetDl.Tests.Contracts;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training.Optimizers;

/// <summary>Every optimiser of the catalog keeps the contract, by name and with all of its state.</summary>
[Collection("torch")]
public sealed class OptimizerContractTests
{
    private static readonly ContractCases Cases = ContractCases.OfCatalog(Catalogs.Optimizers, OptimizerContract.Of)
        .Add("nesterov", OptimizerContract.Of(new Sgd { Nesterov = true, WeightDecay = 0.01 }))
        .Add("plain", OptimizerContract.Of(new Sgd { Momentum = 0 }))
        .Add("rmsProp with momentum", OptimizerContract.Of(new RmsProp { Momentum = 0.5 }));

    public static TheoryData<string, string> Kept => Cases.Kept;

    [Theory]
    [MemberData(nameof(Kept))]
    public void Every_optimiser_keeps_the_contract(string optimizer, string fact) => Cases.Run(optimizer, fact);

    [Theory]
    [InlineData("A weight without gradient stays", true)]
    [InlineData("It leaves gradients as they are", true)]
    [InlineData("Gradients of 0 move nothing without decay", true)]
    [InlineData("Weight decay shrinks the weights that decay, and no others", true)]
    [InlineData("A learning rate of 0 moves nothing", true)]
    [InlineData("Twice it moves the same", true)]
    [InlineData("A training from its checkpoint goes on bit for bit", true)]
    [InlineData("It descends a bowl", false)]
    public void The_contract_finds_a_bad_optimiser(string fact, bool descends)
    {
        var e = Assert.Throws<ContractException>(OptimizerContract.Of(new BadOptimizer { Descends = descends }).Named(fact).Run);
        Assert.Contains($" breaks '{fact}': ", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Moves all weights a little at random whatever it is told, and keeps a count outside its
    /// state.</summary>
    private sealed record BadOptimizer : Optimizer, IReevaluatingOptimizer
    {
        private static readonly Random Random = new();
        private static int calls;

        public override double LearningRate { get; init; } = 0.01;

        public bool Descends { get; init; }

        public override int Slots => 0;

        public override void Update(WeightUpdate at)
        {
            at.Gradient.mul_(Descends ? 1.5 : -1.5);
            at.Weight.sub_((at.Gradient + Random.NextDouble()) * (0.01 / (1 + (++calls % 7))));
        }

        public void Reevaluate(IReadOnlyList<Tensor> parameters, Func<double> backward)
        {
            foreach (var parameter in parameters)
            {
                parameter.add_(1e-3);
            }
        }
    }
}

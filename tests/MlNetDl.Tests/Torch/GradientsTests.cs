using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Torch;

[Collection("torch")]
public sealed class GradientsTests
{
    /// <summary>(‖∇ₓ D(x)‖ − 1)², the penalty of WGAN-GP (Gulrajani et al. 2017, eq. 3): its gradient needs the second
    /// derivative of D.</summary>
    [Fact]
    public void The_gradient_of_a_gradient_penalty_agrees_with_central_differences()
    {
        manual_seed(1);
        var tree = new Sequential(
            new Conv2d(4, 3),
            new Tanh(),
            new AvgPool2d(2),
            new Flatten(),
            new Linear(5),
            new LeakyReLU(0.2),
            new Linear(1));
        using var critic = new TorchNetwork(new(tree, Shape.Image(2, 6, 6)));
        using var scope = NewDisposeScope();
        var x = randn(4, 2, 6, 6).requires_grad_();
        Tensor Penalty() => (Gradients.Of(critic.Forward(x)["output"].sum(), [x], create: true)[0].flatten(1).norm(1) - 1).square().mean();
        Penalty().backward();
        foreach (var (name, weight, _) in critic.Tensors.Where(t => t.Name.EndsWith("weight", StringComparison.Ordinal)).ToList())
        {
            var direction = randn_like(weight).detach();
            double expected = (weight.grad! * direction).sum().item<float>();
            var before = weight.detach().clone();
            double At(double step)
            {
                using (no_grad())
                {
                    weight.copy_(before + (direction * step));
                }

                return Penalty().item<float>();
            }

            double real = (At(1e-3) - At(-1e-3)) / 2e-3;
            At(0);
            Assert.True(Math.Abs(expected) > 1e-3, name);
            Assert.True(Math.Abs(real - expected) <= 2e-3 + (0.02 * Math.Abs(expected)), $"{name}: expected {expected}, real {real}");
        }
    }

    [Fact]
    public void Gradients_are_values_and_leave_those_of_the_tensors_as_they_were()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1f, 2f, 3f }).requires_grad_();
        (x * 10).sum().backward();
        var cube = x.pow(3).sum();
        var first = Assert.Single(Gradients.Of(cube, [x], create: true));
        var second = Assert.Single(Gradients.Of(first.sum(), [x]));
        Assert.Equal([3f, 12f, 27f], first.data<float>().ToArray());
        Assert.Equal([6f, 12f, 18f], second.data<float>().ToArray());
        Assert.Equal([10f, 10f, 10f], x.grad!.data<float>().ToArray());
        Assert.False(Gradients.Of(cube, [x])[0].requires_grad);
        cube.backward();
        Assert.Equal([13f, 22f, 37f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Values_on_the_way_have_gradients_too()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();
        var middle = x * 3;
        var made = Gradients.Of((middle * middle).sum(), [middle, x]);
        Assert.Equal([6f, 6f], made[0].data<float>().ToArray());
        Assert.Equal([18f, 18f], made[1].data<float>().ToArray());
    }

    [Fact]
    public void What_would_end_the_process_is_an_exception()
    {
        using var scope = NewDisposeScope();
        var (x, other) = (ones(3).requires_grad_(), ones(3).requires_grad_());
        var square = (x * x).sum();
        Assert.Contains("of one value but got [3]; sum it first", Refused(x * 2, x), StringComparison.Ordinal);
        Assert.Contains("Input 0 does not require gradients", Refused(square, ones(3)), StringComparison.Ordinal);
        Assert.Contains("scalar does not depend on input 1 [3]", Refused(square, x, other), StringComparison.Ordinal);
        Assert.Contains("Input 1 is given twice", Refused(square, x, x), StringComparison.Ordinal);
        Assert.Contains("Name at least one input", Refused(square), StringComparison.Ordinal);
        using (no_grad())
        {
            Assert.Contains("The scalar does not require gradients", Refused((x * x).sum(), x), StringComparison.Ordinal);
        }

        var gone = ones(3).requires_grad_();
        gone.Dispose();
        Assert.Contains("Input 0 was disposed of", Refused(square, gone), StringComparison.Ordinal);

        static string Refused(Tensor scalar, params Tensor[] inputs) =>
            Assert.Throws<ArgumentException>(() => Gradients.Of(scalar, inputs, create: true)).Message;
    }

    [Fact]
    public void A_graph_that_was_freed_or_changed_is_an_exception_and_gradients_are_put_back()
    {
        using var scope = NewDisposeScope();
        var x = ones(3).requires_grad_();
        var freed = (x * x).sum();
        freed.backward();
        Assert.Contains("second time",
            Assert.Throws<InvalidOperationException>(() => Gradients.Of(freed, [x], create: true)).Message, StringComparison.Ordinal);
        Assert.Equal([2f, 2f, 2f], x.grad!.data<float>().ToArray());
        var middle = (x * 1).sigmoid();
        var changed = (middle * middle).sum();
        middle.mul_(2);
        Assert.Contains("modified by an inplace operation",
            Assert.Throws<InvalidOperationException>(() => Gradients.Of(changed, [x])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Second_derivatives_leave_no_tensors_behind()
    {
        using var network = new TorchNetwork(new(new Sequential(new Linear(8), new Tanh(), new Linear(1)), Shape.Vector(4)));
        // What other tests left to the collector does not go while this one counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = 0;
        for (int step = 0; step < 20; step++)
        {
            using (var scope = NewDisposeScope())
            {
                var x = randn(4, 4).requires_grad_();
                Gradients.Of(network.Forward(x)["output"].sum(), [x], create: true)[0].square().sum().backward();
            }

            if (step == 5)
            {
                before = Tensor.TotalCount;
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
    }
}

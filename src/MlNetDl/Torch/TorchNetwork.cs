using System.Runtime.CompilerServices;
using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Torch;

/// <summary>A network with its weights in torch; runs the network's plan. It starts in training mode.</summary>
/// <remarks>Weights are named as everywhere else, <c>path.parameter</c>, and outlive the dispose scope in which
/// they are made.</remarks>
public sealed class TorchNetwork : IDisposable
{
    private readonly Dictionary<string, LeafState> states = [];
    private readonly HashSet<LeafState> frozen = [];
    private readonly Plan scoring;
    private readonly Turn[] trainingTurns;
    private readonly Turn[] scoringTurns;
    private HookedForward? hooked;
    private Precision precision;
    private bool training = true;

    /// <summary>Makes the weights and fills them from torch's generator (seed it before).</summary>
    /// <param name="network">The network.</param>
    /// <param name="device">Where the weights live; the CPU by default.</param>
    /// <exception cref="ShapeException">The tree does not fit its inputs.</exception>
    [OverloadResolutionPriority(1)] // so that new(…) means a network
    public TorchNetwork(Network network, Device? device = null) : this(network.Plan(), device)
    {
    }

    /// <summary>Makes the weights of a network that is laid out already, and fills them from torch's generator
    /// (seed it before).</summary>
    /// <param name="plan">The network's plan.</param>
    /// <param name="device">Where the weights live; the CPU by default.</param>
    public TorchNetwork(Plan plan, Device? device = null)
    {
        Device = device ?? CPU;
        Plan = plan;
        scoring = plan.ForScoring();
        foreach (var steps in plan.Steps.GroupBy(s => s.WeightsName))
        {
            // The first that has weights: layers without any may stand under a shared name too.
            var owner = steps.FirstOrDefault(s => s.Parameters.Count > 0) ?? steps.First();
            states.Add(
                steps.Key,
                new LeafState(owner.Leaf, owner.InputShapes, Device, owner.Path)
                {
                    MayOverwriteInput = steps.All(s => Overwriting.IsSafe(plan, s)),
                });
        }

        (trainingTurns, scoringTurns) = (Turns(plan), Turns(scoring));
    }

    /// <summary>The steps it runs.</summary>
    public Plan Plan { get; }

    /// <summary>Where the weights live.</summary>
    public Device Device { get; }

    /// <summary>Precision of activations and matrix products; weights, statistics and outputs are float32 in any
    /// case.</summary>
    public Precision Precision
    {
        get => precision;
        set
        {
            precision = value;
            foreach (var turn in trainingTurns)
            {
                turn.State.Precision = turn.InFloat32 ? Precision.Float32 : value;
            }
        }
    }

    /// <summary>Sees and may replace what steps read and which weights leaves take; <see langword="null"/>, the
    /// default, costs nothing.</summary>
    /// <exception cref="NotSupportedException">A leaf keeps its weights in a torch module, where no hook
    /// can replace them.</exception>
    public IForwardHook? Hook
    {
        get => hooked?.Hook;
        set
        {
            if (value is not null && Array.Find(trainingTurns, t => t.State.Module is not null).Step is { } closed)
            {
                throw new NotSupportedException(
                    $"{closed.Path}: {closed.Leaf.GetType().Name} keeps its weights in a torch module, where a hook cannot replace them; "
                        + $"use a layer that computes from its parameters.");
            }

            hooked = value is null ? null : new(value);
        }
    }

    /// <summary>The stored weight tensors by full name, in the plan's order; trainable ones, statistics, and frozen ones, which are not trainable.</summary>
    public IEnumerable<(string Name, Tensor Tensor, bool Trainable)> Tensors =>
        Plan.Parameters.Select(p =>
        {
            int dot = p.Name.LastIndexOf('.');
            var state = states[p.Name[..dot]];
            return (p.Name, state.Weights[p.Name[(dot + 1)..]], p.Parameter.Trainable && !frozen.Contains(state));
        });

    /// <summary>Sets the mode: training (dropout drops, batch statistics are used and kept, auxiliary heads
    /// run) or evaluation.</summary>
    public void SetTraining(bool on)
    {
        training = on;
        foreach (var state in states.Values)
        {
            state.SetTraining(on && !frozen.Contains(state));
        }
    }

    /// <summary>Keeps the weights of some layers as they are, and the statistics that they gather: they are evaluated while others are trained, and no gradient
    /// is computed for them. Before the optimiser is started.</summary>
    /// <param name="isFrozen">Says of a layer's path whether it is.</param>
    public void Freeze(Func<string, bool> isFrozen)
    {
        ArgumentNullException.ThrowIfNull(isFrozen);
        foreach (var (_, state) in states.Where(s => s.Value.Weights.Count > 0 && isFrozen(s.Key)))
        {
            frozen.Add(state);
            state.SetTraining(false);
            foreach (var weight in state.Weights.Values)
            {
                weight.requires_grad = false;
            }
        }
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        foreach (var state in states.Values)
        {
            state.Dispose();
        }
    }

    /// <summary>Runs the network; auxiliary heads and outputs that only training needs only while training.</summary>
    /// <param name="inputs">One tensor for each of the network's inputs, in order, on <see cref="Device"/>.</param>
    /// <returns>The outputs by name, float32; <see cref="Network.DefaultOutput"/> is the last value.</returns>
    /// <exception cref="ShapeException">An input has another shape or type than the network's.</exception>
    /// <exception cref="Configuration.ComponentException">A layer's code failed; the message names layer and path.</exception>
    public IReadOnlyDictionary<string, Tensor> Forward(params IReadOnlyList<Tensor> inputs)
    {
        InputChecks.Check(Plan.Network.Inputs, inputs);
        var plan = training ? Plan : scoring;
        var slots = new Tensor[plan.Slots];
        for (int i = 0; i < inputs.Count; i++)
        {
            slots[i] = inputs[i];
        }

        try
        {
            foreach (var turn in training ? trainingTurns : scoringTurns)
            {
                Take(turn, slots);
            }
        }
        finally
        {
            foreach (var state in states.Values)
            {
                state.View = null; // and with it what was replaced or cast
            }
        }

        return plan.Outputs.ToDictionary(
            o => o.Name,
            o => slots[o.Slot].dtype == ScalarType.BFloat16 ? slots[o.Slot].to(ScalarType.Float32) : slots[o.Slot]);
    }

    /// <summary>A copy of all weights in managed memory.</summary>
    public Weights ReadWeights() => new(Tensors.Select(t =>
    {
        using var scope = NewDisposeScope();
        return new WeightArray(t.Name, t.Tensor.shape.ToValueList(), t.Tensor.detach().cpu().contiguous().data<float>().ToArray());
    }));

    /// <summary>Replaces all weights.</summary>
    /// <exception cref="InvalidDataException">A weight is missing or has other dimensions; nothing was
    /// changed.</exception>
    public void LoadWeights(Weights weights)
    {
        weights.Check(Plan);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target, _) in Tensors)
        {
            target.copy_(tensor(weights[name].Data).reshape(target.shape));
        }
    }

    private void Take(in Turn turn, Tensor[] slots)
    {
        var (step, state) = (turn.Step, turn.State);
        var values = new Tensor[step.Inputs.Count];
        for (int i = 0; i < values.Length; i++)
        {
            var value = slots[step.Inputs[i]];
            values[i] = Cast(hooked is null ? value : hooked.Input(step, i, value), turn.InFloat32);
        }

        hooked?.Watch(step, state);
        try
        {
            Run(step, state, values, slots);
        }
        catch (Exception e) when (!LeafCode.IsTold(e) && !LeafCode.IsOfData(step.Leaf, e))
        {
            throw LeafCode.Failure(step.Leaf, ForwardOf(step), step.Path, e);
        }
    }

    private static string ForwardOf(PlanStep step) => step.Leaf is PublishingLeaf ? nameof(PublishingLeaf.ForwardAll) : nameof(Leaf.Forward);

    private static void Run(PlanStep step, LeafState state, Tensor[] values, Tensor[] slots)
    {
        if (step.Outputs.Count == 1)
        {
            slots[step.Output] = step.Leaf.Forward(values, state) ?? throw LeafCode.Null(step.Leaf, ForwardOf(step), step.Path);
        }
        else
        {
            var made = step.Leaf.Run(values, state) ?? throw LeafCode.Null(step.Leaf, ForwardOf(step), step.Path);
            if (made.Count != step.Outputs.Count)
            {
                throw new ShapeException($"{step.Leaf.GetType().Name} computed {made.Count} values where its shapes "
                    + $"are {step.OutputShapes.Count}.")
                    .At(step.Path);
            }

            for (int i = 0; i < made.Count; i++)
            {
                slots[step.Outputs[i]] = made[i] ?? throw LeafCode.Null(step.Leaf, ForwardOf(step), step.Path);
            }
        }
    }

    private Tensor Cast(Tensor value, bool inFloat32)
    {
        if (precision == Precision.Float32)
        {
            return value;
        }

        var (from, to) = inFloat32 ? (ScalarType.BFloat16, ScalarType.Float32) : (ScalarType.Float32, ScalarType.BFloat16);
        return value.dtype == from ? value.to(to) : value;
    }

    private Turn[] Turns(Plan plan) =>
        [.. plan.Steps.Select(s => new Turn(s, states[s.WeightsName], s.Leaf.InFloat32 || states[s.WeightsName].Module is not null))];

    /// <summary>A step with what it needs, looked up once.</summary>
    private readonly record struct Turn(PlanStep Step, LeafState State, bool InFloat32);
}

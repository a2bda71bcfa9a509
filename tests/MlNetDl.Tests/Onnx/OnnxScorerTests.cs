using MlNetDl.Files;
using MlNetDl.Onnx;
using MlNetDl.Onnx.Schema;
using Google.Protobuf;

namespace MlNetDl.Tests.Onnx;

public sealed class OnnxScorerTests
{
    [Fact]
    public void Eight_threads_get_what_one_gets()
    {
        var weights = Nets.Weights(Nets.Mlp);
        using var scorer = Nets.MlpScorer(weights);
        var expected = Enumerable.Range(0, 64).Select(i => Score(scorer, Nets.Values(28, i))).ToArray();
        var got = new float[64][];
        var threads = Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            for (int i = t; i < 64; i += 8)
            {
                got[i] = Score(scorer, Nets.Values(28, i));
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Equal(expected, got);
    }

    [Fact]
    public void Longer_buffers_are_used_only_as_far_as_the_rows_go()
    {
        using var scorer = Nets.MlpScorer(Nets.Weights(Nets.Mlp));
        var output = Enumerable.Repeat(42f, 9).ToArray();
        scorer.Run(Nets.Values(40), 2, output);
        Assert.All(output.Skip(6), v => Assert.Equal(42, v));
        Assert.All(output.Take(6), v => Assert.NotEqual(42, v));
    }

    [Fact]
    public void Short_buffers_and_no_rows_are_refused_before_any_native_call()
    {
        using var scorer = Nets.MlpScorer(Nets.Weights(Nets.Mlp));
        Assert.Throws<ArgumentOutOfRangeException>(() => scorer.Run(new float[4], 0, new float[3]));
        Assert.Throws<ArgumentException>(() => scorer.Run(new float[7], 2, new float[6]));
        Assert.Throws<ArgumentException>(() => scorer.Run(new float[8], 2, new float[5]));
        Assert.Throws<ArgumentException>(() => scorer.Run(new float[8], 2));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(ScoringOptions.MaxBatchSize + 1, 1)]
    [InlineData(64, 0)]
    public void Options_out_of_range_are_refused(int batchSize, int threads) => Assert.Throws<ArgumentException>(() =>
    {
        using var scorer = Nets.MlpScorer(Nets.Weights(Nets.Mlp), new() { BatchSize = batchSize, Threads = threads });
        Score(scorer, new float[4]);
    });

    [Fact]
    public void After_disposal_calls_say_so()
    {
        var scorer = Nets.MlpScorer(Nets.Weights(Nets.Mlp));
        _ = Score(scorer, new float[4]);
        scorer.Dispose();
        scorer.Dispose();
        Assert.Contains(
            nameof(OnnxScorer),
            Assert.Throws<ObjectDisposedException>(() => Score(scorer, new float[4])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Disposal_waits_for_the_calls_under_way()
    {
        var session = new OnnxSession(OnnxWriter.Write(Nets.Mlp, Nets.Weights(Nets.Mlp)), ScoringOptions.Default, this);
        using (var lease = session.Use())
        {
            session.Dispose();
            Assert.Equal("output", Assert.Single(lease.Session.OutputNames));
            Assert.False(lease.RunOptions.IsClosed);
        }

        Assert.Throws<ObjectDisposedException>(() => session.Use());
    }

    [Fact]
    public void Loading_makes_no_session_and_a_broken_model_is_told_at_the_first_call()
    {
        using var scorer = new OnnxScorer([1, 2, 3], "input", [4], [("output", 3)], ScoringOptions.Default);
        Assert.Throws<ModelFormatException>(() => Score(scorer, new float[4]));
    }

    [Fact]
    public void A_manifest_that_lies_about_the_graph_is_a_format_error()
    {
        using var scorer = new OnnxScorer(
            OnnxWriter.Write(Nets.Mlp, Nets.Weights(Nets.Mlp)), "input", [4], [("output", 4)], ScoringOptions.Default);
        Assert.Throws<ModelFormatException>(() => scorer.Run(new float[4], 1, new float[4]));
    }

    [Theory]
    [InlineData("noSuchProvider")]
    [InlineData("cuda")]
    [InlineData("dml")]
    [InlineData("QNN")]
    public void An_absent_execution_provider_is_named_with_those_that_are_there(string provider)
    {
        using var scorer = Nets.MlpScorer(Nets.Weights(Nets.Mlp), new() { ExecutionProvider = provider });
        var message = Assert.Throws<NotSupportedException>(() => Score(scorer, new float[4])).Message;
        Assert.Contains($"'{provider}'", message, StringComparison.Ordinal);
        Assert.Contains("CPUExecutionProvider", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_and_ill_shaped_inputs_are_told()
    {
        using var model = new OnnxModel(OnnxWriter.Write(Nets.Mlp, Nets.Weights(Nets.Mlp)));
        Assert.Contains(
            "features",
            Assert.Throws<ArgumentException>(() =>
                model.Run(new Dictionary<string, OnnxTensor> { ["features"] = new([1, 4], new float[4]) })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([1, 5], new float[5]) }));
        Assert.Throws<ArgumentException>(() => model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([1, 4], new float[5]) }));
    }

    [Fact]
    public void A_model_that_points_to_a_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["secret"], new byte[48]);
        var proto = OnnxReader.Parse(OnnxWriter.Write(Nets.Mlp, Nets.Weights(Nets.Mlp)));
        var tensor = proto.Graph.Initializer.First(i => i.Name == "2.bias");
        tensor.ClearRawData();
        tensor.DataLocation = 1;
        tensor.ExternalData.Add(new StringStringEntryProto
        {
            Key = "location",
            Value = Path.GetRelativePath(Environment.CurrentDirectory, folder["secret"]),
        });
        using var model = new OnnxModel(proto.ToByteArray());
        Assert.Contains(
            "2.bias",
            Assert.Throws<ModelFormatException>(
                () => model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([1, 4], new float[4]) })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_with_a_function_that_points_to_a_file_is_refused()
    {
        // ONNX Runtime inlines functions of the model itself, so their constants are read like any tensor.
        var proto = OnnxReader.Parse(OnnxWriter.Write(Nets.Mlp, Nets.Weights(Nets.Mlp)));
        var tensor = new TensorProto
        {
            Name = "spy",
            DataType = 1,
            DataLocation = 1,
            Dims = { 12 },
        };
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "secret.bin" });
        proto.Functions.Add(new FunctionProto
        {
            Node = {
                new NodeProto { OpType = "Constant", Attribute = { new AttributeProto { Name = "value", T = tensor } } },
            },
        });
        using var model = new OnnxModel(proto.ToByteArray());
        Assert.Contains(
            "spy",
            Assert.Throws<ModelFormatException>(
                () => model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([1, 4], new float[4]) })).Message,
            StringComparison.Ordinal);
    }

    private static float[] Score(OnnxScorer scorer, float[] input)
    {
        var output = new float[input.Length / 4 * 3];
        scorer.Run(input, input.Length / 4, output);
        return output;
    }
}

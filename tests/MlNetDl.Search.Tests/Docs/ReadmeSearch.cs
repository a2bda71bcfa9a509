namespace MlNetDl.Search.Tests.Docs;

// The lines between the marks stand in the README, word for word; ReadmeSearchTests makes sure of it, and runs them.
// <example>
using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

public static class ReadmeSearch
{
    public static double Run(string folder)
    {
        var sampler = new TpeSampler { Seed = 1 };
        using var study = Study.Open($"{folder}/study.db", "curves", Goal.Minimize, sampler, new MedianPruner());
        study.Optimize(trial =>
        {
            double rate = trial.LogUniform("learningRate", 1e-5, 1);
            int width = trial.Integer("width", 8, 256, log: true);
            double loss = 1;
            for (int epoch = 0; epoch < 10; epoch++)
            {
                loss = Math.Pow(Math.Log10(rate) + 2, 2) + (8.0 / width) + Math.Exp(-epoch);
                trial.ReportAndMaybePrune(epoch, loss);      // a hopeless trial ends here
            }

            return loss;
        }, trials: 60);
        StudyReport.Write(study, $"{folder}/study.html");
        Console.WriteLine(study.Best);   // trial 19 (Complete) learningRate: 0.0107358, width: 228 -> 0.0361618
        return study.Best!.Value;
    }
}
// </example>

// A worker of a study in a process of its own, which tests kill or stop.
//   StudyHost work STORE WORKER LOG TRIALS STEPS MILLISECONDS LEASE
//     works on study "torture" until TRIALS trials have finished; each reports STEPS steps, MILLISECONDS apart.
//     Once the store has taken a result, appends "finished NUMBER VALUE" to LOG.
//   StudyHost once STORE WORKER LEASE
//     runs the study's one trial as soon as it can have it: says "asked NUMBER ATTEMPT", reports whatever number
//     comes on standard input as the next step, and tells it at the end of input.
//   StudyHost search STORE SEED HANG
//     minimises in study "search" with TPE as a program without settings would; in trial HANG says "hangs" when
//     that has its parameters, and works no more.
// It says "open" once the store is open. A failure is printed to standard error as "type: message"; the
// exit code is then 1.
using System.Globalization;
using MlNetDl.Search;
using MlNetDl.Search.Samplers;

try
{
    if (args[0] == "search")
    {
        Search(args[1], Number(2), Number(3));
        return 0;
    }

    using var study = Study.Open(args[1], "torture", new StudyOptions
    {
        Worker = args[2],
        Lease = TimeSpan.FromMilliseconds(Number(^1)),
        // Every kill loses a worker of a trial: with the usual 3 a trial would soon fail.
        MaxLost = 1_000,
        // A process that is paused renews nothing anyway; without renewing, none is late by chance.
        RenewLeases = args[0] == "work",
    });
    Console.WriteLine("open");
    if (args[0] == "work")
    {
        Work(study, args[3], Number(4), Number(5), Number(6));
    }
    else
    {
        Once(study);
    }

    return 0;
}
catch (Exception e)
{
    Console.Error.WriteLine($"{e.GetType().Name}: {e.Message}");
    return 1;
}

int Number(Index index) => int.Parse(args[index], CultureInfo.InvariantCulture);

static void Work(Study study, string log, int trials, int steps, int milliseconds)
{
    while (true)
    {
        if (study.TryAsk(trials) is not { } trial)
        {
            if (study.Trials.All(t => t.IsFinished))
            {
                return;
            }

            Thread.Sleep(20);
            continue;
        }

        try
        {
            double value = trial.Uniform("x", -5, 5) * trial.LogUniform("y", 1e-3, 1);
            for (int step = trial.Checkpoint is { } last ? int.Parse(last, CultureInfo.InvariantCulture) + 1 : 0; step < steps; step++)
            {
                Thread.Sleep(milliseconds);
                trial.Report(step, value + step);
                trial.Log(step, "attempt", trial.Lease.Attempt);
                if (trial.Number % 2 == 0)
                {
                    trial.SaveCheckpoint(step.ToString(CultureInfo.InvariantCulture));
                }
            }

            // Another value in every attempt: a result of another attempt than the recorded one would show.
            value += trial.Lease.Attempt / 1024.0;
            study.Tell(trial, value);
            File.AppendAllText(log, string.Create(CultureInfo.InvariantCulture, $"finished {trial.Number} {value:R}\n"));
        }
        catch (LeaseLostException)
        {
            // The machine was too slow for a short lease: another worker has the trial.
        }
    }
}

static void Search(string store, int seed, int hang)
{
    using var study = Study.Open(store, "search", new StudyOptions { Sampler = new TpeSampler { Seed = seed } });
    Console.WriteLine("open");
    study.Optimize(trial =>
    {
        double value = Math.Abs(trial.Uniform("x", -5, 10)) + trial.LogUniform("y", 1e-3, 1);
        if (trial.Number == hang)
        {
            Console.WriteLine("hangs");
            Thread.Sleep(Timeout.Infinite);
        }

        return value;
    });
}

static void Once(Study study)
{
    Trial? trial;
    while ((trial = study.TryAsk(1)) is null)
    {
        Thread.Sleep(20);
    }

    Console.WriteLine($"asked {trial.Number} {trial.Lease.Attempt}");
    double value = 0;
    for (int step = 0; Console.ReadLine() is { } line; step++)
    {
        value = double.Parse(line, CultureInfo.InvariantCulture);
        trial.Report(step, value);
        Console.WriteLine($"reported {step}");
    }

    study.Tell(trial, value);
    Console.WriteLine("told");
}

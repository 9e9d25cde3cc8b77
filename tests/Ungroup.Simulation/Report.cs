using System.Globalization;
using Ungroup.Simulation.Plan;

namespace Ungroup.Simulation;

/// <summary>The last words of a run. Zero: everything held.</summary>
internal static class Report
{
    public static int Of(TextWriter to, SeedRuns runs, Defect variant, TimeSpan took)
    {
        var culture = CultureInfo.InvariantCulture;
        to.WriteLine(string.Create(culture, $"{runs.Finished:N0} seeds in {took.TotalSeconds:N1} s, {runs.Finished / took.TotalSeconds:N0} a second; {runs.Steps:N0} steps"));
        foreach (var (incident, count) in runs.Tally)
        {
            to.WriteLine(string.Create(culture, $"{incident,-26} {count,12:N0}"));
        }

        to.WriteLine($"jobs ended: {string.Join(", ", runs.JobEnds.Select(end => $"{end.Value} {end.Key}"))}");
        if (runs.Failed is not { } failed)
        {
            to.WriteLine("Everything held.");
            return 0;
        }

        return Replay(to, failed, variant);
    }

    public static int Replay(TextWriter to, SeedResult result, Defect variant)
    {
        foreach (var line in result.History.Lines)
        {
            to.WriteLine(line.ToString());
        }

        if (result.Breach is not { } breach)
        {
            to.WriteLine($"seed {result.Seed}: everything held.");
            return 0;
        }

        to.WriteLine();
        to.WriteLine($"seed {result.Seed} breaks {breach.Invariant}: {breach.Sentence}");
        to.WriteLine($"first at {breach.Line}");
        to.WriteLine($"dotnet run -c Release --project tests/Ungroup.Simulation -- --replay-seed {result.Seed}{(variant == Defect.None ? "" : $" --variant {variant}")}");
        return 1;
    }
}

using Ungroup.Simulation;
using Ungroup.Simulation.Plan;

namespace Ungroup.Tests.Simulation;

public sealed class LifeTests(ITestOutputHelper output)
{
    private const int MostSeeds = 1_000;

    /// <summary>Always the same seeds: what a change breaks here it breaks again. New ones are what the console program is for.</summary>
    [Fact]
    public void In_four_hundred_lives_every_kind_of_fault_occurs_and_every_invariant_holds()
    {
        var runs = new SeedRuns(from: 1, count: 400);

        var breach = runs.Run(threads: 2);

        Assert.True(breach is null, $"seed {runs.Failed?.Seed} breaks {breach?.Invariant}: {breach?.Sentence} First at {breach?.Line}");
        Assert.Empty(runs.Tally.Where(tally => tally.Count == 0).Select(tally => tally.Incident));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void The_same_seed_is_the_same_life(int seed) =>
        Assert.Equal(History((ulong)seed), History((ulong)seed));

    public static TheoryData<string> Variants => new(Variant.All.Select(variant => variant.Defect.ToString()));

    [Theory]
    [MemberData(nameof(Variants))]
    public void What_is_broken_on_purpose_is_noticed_by_the_invariant_that_is_about_it(string name)
    {
        var variant = Variant.All.Single(variant => variant.Defect.ToString() == name);

        for (var seed = 1UL; seed <= MostSeeds; seed++)
        {
            var breach = Life.Run(seed, variant.Defect).Breaches.FirstOrDefault(breach => breach.Invariant == variant.Invariant);
            if (breach is not null)
            {
                output.WriteLine($"{variant.Sentence} Seed {seed} breaks {breach.Invariant}: {breach.Sentence}");
                return;
            }
        }

        Assert.Fail($"{variant.Sentence} {MostSeeds} seeds have not broken {variant.Invariant}.");
    }

    [Fact]
    public void Every_variant_is_on_the_list() =>
        Assert.Equal(Enum.GetValues<Defect>().Where(defect => defect != Defect.None), Variant.All.Select(variant => variant.Defect));

    private static IEnumerable<string> History(ulong seed) => Life.Run(seed).History.Lines.Select(line => line.ToString());
}

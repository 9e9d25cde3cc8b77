using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace.Worlds;

/// <summary>The console, Terraform and colleagues: a fifth of the quota, at random times (Poisson), and what is refused is not sent again.</summary>
internal sealed class OtherTenants(World world, QuotaPlan plan, Random chance)
{
    private const double Share = 0.2;

    public void Start() => world.Agenda.After(Gap(), Call);

    private void Call()
    {
        var now = world.Agenda.Now;
        world.Log.Add(new Call(Pace.Call.Others, now, now, world.Quota.Take(now)));
        world.Agenda.After(Gap(), Call);
    }

    private TimeSpan Gap() => TimeSpan.FromSeconds(-Math.Log(1 - chance.NextDouble()) / (Share * plan.At(world.Agenda.Now)));
}

using Spectre.Console;
using Ungroup.Cli.Sandbox.Functions;
using Ungroup.Cli.Terminal;
using Ungroup.Sandbox.Ecs;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Sandbox.Screen;

/// <summary>Says where the servers of a sandbox are.</summary>
internal sealed class Signpost(SandboxSettings settings, DataDirectory? data, Cloud cloud, Narrator narrator)
{
    public void Introduce(BusAddress bus)
    {
        var taken = settings.Port != 0 && cloud.Broker.Port != settings.Port ? $"   (port {settings.Port} is taken)" : "";
        narrator.Say("broker", $"{bus}{taken}");
        if (cloud.Ecs is { } ecs)
        {
            narrator.Say("ecs", $"{ecs.Address}");
            narrator.Say("world", Cleaned.Markup($"{settings.World ?? "the built-in sample"}{PastOf(ecs.World)}"));
        }

        if (settings.NoWorker)
        {
            narrator.Say("journal", Cleaned.Markup(data?.Journal ?? "in memory"));
        }
        else
        {
            narrator.Say("ledger", Cleaned.Markup(settings.Host == SandboxHostKind.Functions
                ? AppLedger.Describe(settings.Ledger, data)
                : data?.Ledger ?? "in memory"));
        }
    }

    private static string PastOf(World world) => world.Past switch
    {
        WorldPast.Continues => ", which goes on as earlier runs have left it",
        WorldPast.StartsOver => ", which begins anew: its regions are not those of the run before",
        _ => "",
    };

    public void Stay()
    {
        narrator.Say("running", settings.NoWorker
            ? $"until Ctrl+C; what you send waits for an ungroup worker, and outcomes wait in {Cloud.AllOutcomes}"
            : $"until Ctrl+C; what you send is worked on, and outcomes wait in {Cloud.AllOutcomes}");
        narrator.Offer("bus", cloud.Broker.ConnectionString);
        if (cloud.Ecs is { } ecs)
        {
            narrator.Offer("ecs", $"{ecs.Address}");
            narrator.Offer("state", $"{ecs.Address}_sim/state");
            narrator.Offer("keyless", string.Join(' ', SandboxAccounts.Variables(ecs)));
            narrator.Offer("app", FunctionAppSettings.For(cloud.Broker.ConnectionString, ecs));
        }

        narrator.Offer("send", $"UNGROUP__Worker__Bus='{cloud.Broker.ConnectionString}' ungroup send --queue {Cloud.Requests} FILE");
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ungroup.Cli.Sandbox;

internal static class SandboxCommand
{
    private static readonly Option<string?> World = Text("--world", "Accounts, groups, resources and faults [default: a built-in sample]", "FILE");
    private static readonly Option<string?> Requests = Text("--requests", "One message body per line [default: a built-in sample]", "FILE");
    private static readonly Option<string?> Report = Text("--report", "Write what became of each line, as JSON lines", "FILE");
    private static readonly Option<string?> Data = Text("--data", "Keep ledger, journal and world here between runs [default: in memory]", "DIR");
    private static readonly Option<bool> Keep = Flag("--keep", "Leave everything running after the last outcome");
    private static readonly Option<bool> Keyless = Flag("--keyless", "The worker uses no key but a managed identity, by way of STS");
    private static readonly Option<bool> Plain = Flag("--plain", "No colours and no live display, as when output is no terminal");
    private static readonly Option<int> Timeout = Number("--timeout", "How long to wait for every request to end", "SECONDS", 120, 1, 86_400);
    private static readonly Option<string> Host = Choice<SandboxHostKind>("--host", "What works on the queues: the self-hosted worker, or the function app's own process");
    private static readonly Option<string> Ledger = Choice<SandboxLedger>("--ledger", "With --host functions: a SQLite file, or a table of Azurite");
    private static readonly Option<bool> Logs = Flag("--logs", "With --host functions: all log lines of the app, and not only its warnings");
    private static readonly Option<bool> NoWorker = Flag("--no-worker", "Broker and simulator only, for an ungroup worker beside them; stays until stopped");
    private static readonly Option<bool> NoEcs = Flag("--no-ecs", "With --no-worker: the broker alone, to be stopped, killed and started again apart from the rest");
    private static readonly Option<int> Port = Number("--port", "Where the broker listens, or the next free port; 0 for any", "PORT", 5672, 0, 65_535);
    private static readonly Option<int> EcsPort = Number("--ecs-port", "Where ECS listens, or the next free port; 0 for any", "PORT", 8080, 0, 65_535);
    private static readonly Option<int> HttpPort = Number("--http-port", "With --host functions: where its HTTP listens, or the next free port; 0 for any", "PORT", 7071, 0, 65_535);
    private static readonly Option<int> LockSeconds = Number("--lock-seconds", "How long the broker locks a message", "SECONDS", 30, 1, 300);
    private static readonly Option<int> MaxDeliveries = Number("--max-deliveries", "How often a message is delivered before it is a dead letter", "COUNT", 10, 1, 2_000);
    private static readonly Option<int> TtlSeconds = Number("--ttl-seconds", "How long a request may stay queued; 0 for ever", "SECONDS", 0, 0, 31_536_000);
    private static readonly Option<bool> DeadLetterExpired = Flag("--dead-letter-expired", "A request whose time is over is a dead letter, and not dropped");

    public static Command Build(Shell shell)
    {
        var command = new Command("sandbox", "Runs broker, ECS simulator and worker in this process, sends requests and shows what becomes of them.")
        {
            World, Requests, Report, Data, Keep, Keyless, Plain, Timeout, Host, Ledger, Logs, NoWorker, NoEcs, Port, EcsPort, HttpPort, LockSeconds,
            MaxDeliveries, TtlSeconds, DeadLetterExpired,
        };
        command.Validators.Add(CheckTogether);
        command.SetAction((arguments, stop) => SandboxRun.RunAsync(Read(arguments), shell, stop));
        return command;
    }

    private static SandboxSettings Read(ParseResult arguments) => new()
    {
        World = arguments.GetValue(World),
        Requests = arguments.GetValue(Requests),
        Report = arguments.GetValue(Report),
        Data = arguments.GetValue(Data),
        Keep = arguments.GetValue(Keep),
        Keyless = arguments.GetValue(Keyless),
        Plain = arguments.GetValue(Plain),
        Host = Enum.Parse<SandboxHostKind>(arguments.GetValue(Host)!, ignoreCase: true),
        Ledger = Enum.Parse<SandboxLedger>(arguments.GetValue(Ledger)!, ignoreCase: true),
        Logs = arguments.GetValue(Logs),
        NoWorker = arguments.GetValue(NoWorker),
        NoEcs = arguments.GetValue(NoEcs),
        Timeout = TimeSpan.FromSeconds(arguments.GetValue(Timeout)),
        Port = arguments.GetValue(Port),
        EcsPort = arguments.GetValue(EcsPort),
        HttpPort = arguments.GetValue(HttpPort),
        LockDuration = TimeSpan.FromSeconds(arguments.GetValue(LockSeconds)),
        MaxDeliveries = arguments.GetValue(MaxDeliveries),
        TimeToLive = arguments.GetValue(TtlSeconds) is var seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null,
        DeadLetterExpired = arguments.GetValue(DeadLetterExpired),
    };

    private static void CheckTogether(CommandResult given)
    {
        if (IsGiven(NoEcs))
        {
            Demand(IsGiven(NoWorker), "--no-ecs leaves the worker of the sandbox nothing to call; expected --no-worker with it.");
            foreach (var option in (ReadOnlySpan<Option>)[World, EcsPort])
            {
                Demand(!IsGiven(option), $"{option.Name} is about ECS, and --no-ecs starts none; expected one or the other.");
            }
        }

        var hasApp = nameof(SandboxHostKind.Functions).Equals(given.GetValue(Host), StringComparison.OrdinalIgnoreCase);
        Demand(!(hasApp && IsGiven(NoWorker)), "--host functions starts the function app, and --no-worker nothing; expected one or the other.");
        foreach (var option in (ReadOnlySpan<Option>)[Ledger, Logs, HttpPort])
        {
            Demand(hasApp || !IsGiven(option), $"{option.Name} is about the function app; expected --host functions with it.");
        }

        bool IsGiven(Option option) => given.GetResult(option) is { Implicit: false };

        void Demand(bool isSo, string otherwise)
        {
            if (!isSo)
            {
                given.AddError(otherwise);
            }
        }
    }

    // Names, in any case, and not an enum's numbers.
    private static Option<string> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(value => value.ToLowerInvariant()).ToArray();
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', names), DefaultValueFactory = _ => names[0] };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !names.Contains(token.Value, StringComparer.OrdinalIgnoreCase))
            {
                result.AddError($"{name} is {token.Value}; expected {string.Join(" or ", names)}.");
            }
        });
        return option;
    }

    private static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    private static Option<int> Number(string name, string description, string helpName, int standard, int least, int most)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = result => standard,
        };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || (result.Tokens is [var token] && !int.TryParse(token.Value, out _)))
            {
                return;
            }

            if (result.GetValueOrDefault<int>() is var given && (given < least || given > most))
            {
                result.AddError($"{name} is {given}; expected {least} to {most}.");
            }
        });
        return option;
    }
}

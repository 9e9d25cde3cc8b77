using System.CommandLine;
using Microsoft.Extensions.Configuration;

namespace Ungroup.Cli.Worker;

/// <summary>The settings that have an option of their own. Keys and tokens have none: a command line is public on its machine.</summary>
internal sealed class SettingOptions(params IReadOnlyCollection<string> names)
{
    // A connection string has a key in it.
    private const string BusHelp =
        "UNGROUP__Worker__Bus in the environment, where a key belongs, or this: a connection string, or the name of a host, where an identity signs in";

    private readonly Option<string?> _settings = new("--settings")
    {
        Description = "A JSON file of settings, as docs/operating.md lists them",
        HelpName = "FILE",
    };

    private readonly (Option Option, string Key)[] _options = Wanted(names,
    [
        (Of("--bus", BusHelp, "ADDRESS"), "Worker:Bus"),
        (Of("--queue", "A queue to work on; may be repeated [default: removals, removals-incident and removals-jobs]", "NAME", many: true), "Worker:Queues"),
        (Of("--outcomes", "The queue or topic outcome events go to [default: outcomes]", "NAME"), "Worker:Outcomes"),
        (Of("--concurrency", "Messages of each queue worked on at once [default: 16]", "NUMBER"), "Worker:Concurrency"),
        (Of("--ecs-endpoint", "Where ECS is, for every account and region", "URL"), "Ecs:Endpoint"),
        (Of("--region", "The region of requests that name none, for the account default", "REGION"), "Accounts:default:DefaultRegion"),
        (Of("--ledger", "Where the ledger is kept: sqlite, table or memory [default: sqlite]", "KIND"), "Ledger:Kind"),
        (Of("--ledger-path", "The file of the SQLite ledger [default: ungroup-ledger.db]", "FILE"), "Ledger:Path"),
    ]);

    public void AddTo(Command command)
    {
        foreach (var (option, _) in _options)
        {
            command.Options.Add(option);
        }

        command.Options.Add(_settings);
    }

    public IConfigurationRoot Read(ParseResult arguments) => WorkerSettings.Read(arguments.GetValue(_settings),
        from setting in _options
        let given = arguments.GetResult(setting.Option)
        where given is { Tokens.Count: > 0 }
        select KeyValuePair.Create(setting.Key, (string?)string.Join(',', given.Tokens.Select(token => token.Value))));

    private static (Option Option, string Key)[] Wanted(IReadOnlyCollection<string> names, (Option Option, string Key)[] all) =>
        names.Count == 0 ? all : [.. all.Where(one => names.Contains(one.Option.Name))];

    private static Option Of(string name, string description, string helpName, bool many = false) => many
        ? new Option<string[]>(name) { Description = description, HelpName = helpName, Arity = ArgumentArity.OneOrMore }
        : new Option<string>(name) { Description = description, HelpName = helpName };
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Ungroup.Cli.Jobs;

/// <summary>A job that is said on the command line. It is checked where every job is.</summary>
internal sealed class JobOptions
{
    private const string All = "*";

    private readonly Option<string?> _group = Text("--group", "The security group to leave", "SG-ID");
    private readonly Option<string?> _account = Text("--account", "The account [default: default]", "NAME");
    private readonly Option<string?> _region = Text("--region", "The region of all resources [default: the account's]", "REGION");
    private readonly Option<string?> _origin = Text("--origin", "Who enqueues: upstream, incident or cleanup [default: upstream]", "ORIGIN");
    private readonly Option<string?> _by = Text("--by", "Who asks; nobody of this name may approve it [default: your name on this machine]", "NAME");
    private readonly Option<string?> _reason = Text("--reason", "Why; kept as evidence", "TEXT");
    private readonly Option<string?> _resources = Text("--resources", "The resources: an id a line, or a CSV with a column resource, instanceId or networkInterfaceId; - reads standard input", "FILE|-");
    private readonly Option<string[]> _select = Tags("--select", "In place of --resources: the members of --group that have this tag; may be repeated, all must be there; * for every member");
    private readonly Option<string[]> _except = Tags("--except", "None of the members that have this tag; may be repeated");
    private readonly Option<int?> _most = new("--most") { Description = "The most that are taken of the selected, in order of their ids", HelpName = "NUMBER" };
    private readonly Option<string?> _stopIfMoreThan = Text("--stop-if-more-than", "Do nothing where more of the group are selected, such as 10%", "PERCENT");
    private readonly Option<int?> _maxFailures = new("--max-failures") { Description = "How many may fail: one more, and nothing more is issued [default: a tenth of the plan, at least 5]", HelpName = "NUMBER" };
    private readonly Option<string?> _approval = Text("--approval", "required: nothing is done before somebody has approved the plan [default: none]", "RULE");
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Look, decide, change nothing" };
    private readonly Option<string?> _notBefore = Text("--not-before", "Nothing happens before, such as 2026-11-30T06:00:00Z", "INSTANT");
    private readonly Option<string?> _expires = Text("--expires", "Nothing is issued from then on", "INSTANT");
    private readonly Option<string?> _id = Text("--id", "The job's name [default: one is made]. The same name and the same job is one job", "JOB");

    private IReadOnlyList<Option> Options =>
        [_id, _group, _account, _region, _origin, _by, _reason, _resources, _select, _except, _most, _stopIfMoreThan, _maxFailures, _approval, _dryRun, _notBefore, _expires];

    public void AddTo(Command command)
    {
        foreach (var option in Options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Those that were given.</summary>
    public IReadOnlyList<string> Given(ParseResult arguments) => [.. Options.Where(option => arguments.GetResult(option) is { Implicit: false }).Select(option => option.Name)];

    public string? FileOf(ParseResult arguments) => arguments.GetValue(_resources);

    /// <summary>The job as JSON; the problems say what cannot be said in JSON either.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="resources">Those that are listed; null where members are selected.</param>
    /// <param name="jobId">The name where none was given.</param>
    /// <param name="problems">A sentence each.</param>
    public byte[] BodyOf(ParseResult arguments, IReadOnlyList<string>? resources, string jobId, List<string> problems)
    {
        var group = arguments.GetValue(_group);
        if (group is null)
        {
            problems.Add("--group is missing; expected the security group to leave, such as sg-bp1….");
        }

        return OrderBody.Of(
            ("jobId", arguments.GetValue(_id) ?? jobId),
            ("account", arguments.GetValue(_account)), ("securityGroupId", group), ("regionId", arguments.GetValue(_region)), ("origin", arguments.GetValue(_origin)),
            ("requestedBy", arguments.GetValue(_by) ?? Environment.UserName), ("reason", arguments.GetValue(_reason)),
            ("resources", resources is null ? null : new JsonArray([.. resources.Select(id => (JsonNode)id)])), ("select", resources is null ? SelectOf(arguments, group, problems) : null),
            ("most", arguments.GetValue(_most)), ("stopIfMoreThan", arguments.GetValue(_stopIfMoreThan)), ("maxFailures", arguments.GetValue(_maxFailures)),
            ("approval", arguments.GetValue(_approval)), ("dryRun", arguments.GetValue(_dryRun) ? true : null), ("notBefore", arguments.GetValue(_notBefore)),
            ("expiresAt", arguments.GetValue(_expires)));
    }

    /// <summary>Whether the resources are selected; listed otherwise.</summary>
    public bool Selects(ParseResult arguments) => Values(arguments, _select).Length + Values(arguments, _except).Length > 0;

    /// <summary>A name that nobody has taken: when, and a little chance.</summary>
    public static string NewId(Shell shell) =>
        string.Create(CultureInfo.InvariantCulture, $"job-{shell.Clock.GetUtcNow():yyyyMMdd-HHmmss}-{(int)(shell.Chance() * 0x10000):x4}");

    private JsonObject SelectOf(ParseResult arguments, string? group, List<string> problems)
    {
        var select = new JsonObject { ["memberOf"] = group };
        Add("tags", _select, [.. Values(arguments, _select).Where(value => value != All)]);
        Add("exceptTags", _except, Values(arguments, _except));
        return select;

        void Add(string member, Option option, IReadOnlyList<string> values)
        {
            var tags = new JsonObject();
            foreach (var parts in values.Select(value => value.Split('=', 2)))
            {
                if (parts is not [{ Length: > 0 } key, var tag])
                {
                    problems.Add($"{option.Name} was {string.Join('=', parts)}; expected key=value{(option == _select ? ", or * for every member" : "")}.");
                }
                else if (!tags.TryAdd(key, tag))
                {
                    problems.Add($"{option.Name} has the key {key} twice; a resource has a tag once.");
                }
            }

            if (tags.Count > 0)
            {
                select[member] = tags;
            }
        }
    }

    private static string[] Values(ParseResult arguments, Option<string[]> option) => arguments.GetValue(option) ?? [];

    private static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static Option<string[]> Tags(string name, string description) => new(name) { Description = description, HelpName = "KEY=VALUE", Arity = ArgumentArity.OneOrMore };
}

using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Ungroup.Cli.Worker;
using Ungroup.Intake;

namespace Ungroup.Cli.Jobs;

/// <summary>Which job a command is about, and where the workers keep it.</summary>
internal sealed class JobArguments
{
    private readonly Argument<string> _job = new("job") { Description = "The job's name", HelpName = "JOB" };
    private readonly Option<string> _account = new("--account") { Description = "The account that the job named", HelpName = "NAME", DefaultValueFactory = _ => "default" };
    private readonly Option<bool> _json = new("--json");
    private readonly SettingOptions _settings;

    /// <param name="command">Gets the argument and the options.</param>
    /// <param name="json">Printed by <c>--json</c>.</param>
    /// <param name="sends">Whether the bus is needed.</param>
    public JobArguments(Command command, string json, bool sends = false)
    {
        _settings = sends ? new("--bus", "--ledger", "--ledger-path") : new("--ledger", "--ledger-path");
        _json.Description = json;
        command.Arguments.Add(_job);
        command.Options.Add(_account);
        command.Options.Add(_json);
    }

    /// <summary>Last in the help, behind what the command has of its own.</summary>
    public void AddSettingsTo(Command command) => _settings.AddTo(command);

    public string Job(ParseResult arguments) => arguments.GetRequiredValue(_job);

    public string Account(ParseResult arguments) => arguments.GetRequiredValue(_account);

    public bool IsJson(ParseResult arguments) => arguments.GetValue(_json);

    public IConfiguration Settings(ParseResult arguments) => _settings.Read(arguments);
}

internal static class JobReplies
{
    /// <summary>Says why it was not done. Only what is asked for goes to standard output.</summary>
    public static int Refuse(this Shell shell, JobReply reply)
    {
        switch (reply)
        {
            case JobReply.Invalid { Problems: var problems }:
                return shell.Refuse(problems.Select(problem => problem.Sentence));

            case JobReply.Unknown { Sentence: var sentence }:
                shell.Error.WriteLine($"ungroup: {sentence}");
                return ExitCode.NotDone;

            case JobReply.Refused { Sentence: var sentence }:
                shell.Error.WriteLine($"ungroup: {sentence}");
                return ExitCode.NotDone;

            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}

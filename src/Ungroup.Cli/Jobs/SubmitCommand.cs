using System.CommandLine;
using Ungroup.Cli.Worker;
using Ungroup.Intake;

namespace Ungroup.Cli.Jobs;

/// <summary><c>ungroup job submit</c>: writes a job down, and tells the workers.</summary>
internal sealed class SubmitCommand
{
    private readonly Argument<string?> _file = new("file") { Description = "The job as JSON, in place of the options; - reads standard input", HelpName = "FILE|-", Arity = ArgumentArity.ZeroOrOne };
    private readonly JobOptions _job = new();
    private readonly Option<bool> _wait = new("--wait") { Description = "Wait until it has ended: exit code 0 only if it is Completed and nothing failed" };
    private readonly WatchOptions _watch = new();
    private readonly Option<bool> _json = new("--json") { Description = "The job's status as one JSON object, for programs" };
    private readonly SettingOptions _settings = new("--bus", "--ledger", "--ledger-path");

    private SubmitCommand()
    {
    }

    public static Command Build(Shell shell)
    {
        var submit = new SubmitCommand();
        var command = new ExampleCommand(
            "submit",
            "Checks a job and writes it down; workers do the rest, whatever becomes of this machine.",
            "ungroup job submit --group sg-legacy --region cn-hangzhou --resources ids.txt --reason \"sg-legacy is to be deleted\" --wait",
            "ungroup job submit --group sg-legacy --region cn-hangzhou --select env=dev --except protect=true --most 20 --stop-if-more-than 10% --approval required",
            "ungroup job submit --id JOB-7 --group sg-legacy --region cn-hangzhou --resources - --dry-run",
            "ungroup job submit job.json");
        command.Arguments.Add(submit._file);
        submit._job.AddTo(command);
        command.Options.Add(submit._wait);
        submit._watch.AddTo(command);
        command.Options.Add(submit._json);
        submit._settings.AddTo(command);
        command.SetAction((arguments, stop) => submit.RunAsync(arguments, shell, stop));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken stop)
    {
        List<string> problems = [];
        byte[] body;
        try
        {
            body = await BodyAsync(arguments, shell, problems, stop);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return shell.Refuse(exception.Message);
        }

        return problems.Count > 0
            ? shell.Refuse([.. problems, "Nothing was submitted."])
            : await OpenedJobs.SendAsync(shell, () => _settings.Read(arguments), mustAnswer: true, SubmitAsync, stop);

        async Task<int> SubmitAsync(OpenedJobs jobs) => await new Submission(jobs, shell, _watch.HowIn(arguments, arguments.GetValue(_json) ? Shape.LastJson : Shape.Lines))
            .GoOnAsync(await jobs.Desk.SubmitAsync(body, JobCaller.AtCommandLine, cancellationToken: stop), arguments.GetValue(_wait), stop);
    }

    private async Task<byte[]> BodyAsync(ParseResult arguments, Shell shell, List<string> problems, CancellationToken stop)
    {
        if (arguments.GetValue(_file) is { } file)
        {
            if (_job.Given(arguments) is { Count: > 0 } given)
            {
                problems.Add($"{string.Join(", ", given)} cannot be said beside {file}, which has the whole job.");
                return [];
            }

            return await ReadAsync(file, shell, stop);
        }

        if (_job.Selects(arguments) == _job.FileOf(arguments) is not null)
        {
            problems.Add(_job.FileOf(arguments) is null
                ? "No resource is named; expected --resources FILE, or --select key=value, or a file that has the whole job."
                : "--resources and --select were both said; expected one of them.");
            return [];
        }

        IReadOnlyList<string>? ids = null;
        if (_job.FileOf(arguments) is { } list)
        {
            var read = ResourceList.Read(await ReadAsync(list, shell, stop), list == "-" ? "stdin" : list);
            problems.AddRange(read.Problems);
            ids = read.Ids;
        }

        return _job.BodyOf(arguments, ids, JobOptions.NewId(shell), problems);
    }

    // More than any job may have, so that the door says what is too long.
    private static async Task<byte[]> ReadAsync(string file, Shell shell, CancellationToken stop)
    {
        await using var input = file == "-" ? shell.In() : File.OpenRead(file);
        using var content = new MemoryStream();
        var part = new byte[64 * 1024];
        while (content.Length <= 4 * JobDesk.LongestBody && await input.ReadAsync(part, stop) is var read and > 0)
        {
            content.Write(part, 0, read);
        }

        return content.ToArray();
    }
}

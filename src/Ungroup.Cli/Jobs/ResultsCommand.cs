using System.CommandLine;
using System.Text;
using Ungroup.Display;
using Ungroup.Intake;

namespace Ungroup.Cli.Jobs;

/// <summary><c>ungroup job results</c>: what became of each resource.</summary>
internal static class ResultsCommand
{
    public static Command Build(Shell shell)
    {
        var csv = new Option<bool>("--csv") { Description = "CSV with a header: resource, requestId, status, code, sentence, groups. ungroup job submit --resources reads it [the default]" };
        var command = new ExampleCommand(
            "results", "Says what became of each resource of a job, in the order of its plan.", "ungroup job results JOB-7 > results.csv", "ungroup job results JOB-7 --json");
        var which = new JobArguments(command, "One JSON object with results");
        command.Options.Add(csv);
        which.AddSettingsTo(command);
        command.Validators.Add(given =>
        {
            if (given.GetValue(csv) && given.GetValue<bool>("--json"))
            {
                given.AddError("--csv and --json were both said; expected one of them.");
            }
        });
        command.SetAction((arguments, stop) => OpenedJobs.AskAsync(
            shell,
            () => which.Settings(arguments),
            async jobs => await jobs.Query.ResultsAsync(which.Job(arguments), which.Account(arguments), stop) switch
            {
                JobReply.Found { Results: var results } => await WriteAsync(results, which.IsJson(arguments), shell, stop),
                var reply => shell.Refuse(reply),
            }));
        return command;
    }

    private static async Task<int> WriteAsync(JobResults results, bool isJson, Shell shell, CancellationToken stop)
    {
        using var content = new MemoryStream();
        await (isJson ? results.WriteJsonAsync(content, stop) : results.WriteCsvAsync(content, stop));
        var text = Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);
        shell.Out.Write(isJson ? $"{DisplayJson.Escape(text)}\n" : text);
        return ExitCode.Done;
    }
}

using System.CommandLine;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Ungroup.Cli.Sandbox;
using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Cli.Worker;
using Ungroup.Jobs;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Send;

internal sealed class SendCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "One request per line; - reads standard input" };
    private readonly SettingOptions _settings = new("--bus");
    private readonly Option<string> _queue = Text("--queue", "The queue to send to", "NAME", Cloud.Requests);
    private readonly Option<bool> _force = new("--force") { Description = "Send what is wrong as well" };
    private readonly Option<string> _prefix = Text("--id-prefix", "What message ids begin with", "TEXT", "line");

    private SendCommand()
    {
    }

    public static Command Build(Shell shell)
    {
        var send = new SendCommand();
        var command = new Command("send", "Checks requests as the worker would, and sends them when all are right.")
        {
            send._file,
        };
        send._settings.AddTo(command);
        foreach (var option in (ReadOnlySpan<Option>)[send._queue, send._force, send._prefix])
        {
            command.Options.Add(option);
        }

        command.SetAction((arguments, stop) => send.RunAsync(arguments, shell, stop));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken stop)
    {
        var file = arguments.GetRequiredValue(_file);
        try
        {
            var bus = ReadBus(arguments);
            if (bus.Problems([arguments.GetRequiredValue(_queue)]).ToList() is { Count: > 0 } problems)
            {
                return shell.Refuse(problems);
            }

            var lines = RequestLine.Split(await ReadAsync(file, shell, stop), arguments.GetRequiredValue(_prefix)).ToList();
            var wrong = Say(lines, file == "-" ? "stdin" : file, shell);
            return wrong > 0 && !arguments.GetValue(_force)
                ? shell.Refuse($"{wrong} of {lines.Count} lines are wrong; nothing was sent. --force sends them all the same.")
                : await SendAsync(lines, bus, arguments.GetRequiredValue(_queue), shell, stop);
        }
        catch (BadSettingsException bad)
        {
            return shell.Refuse(bad.Sentences);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return shell.Refuse(exception.Message);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string file, Shell shell, CancellationToken stop)
    {
        if (file != "-")
        {
            return await File.ReadAllBytesAsync(file, stop);
        }

        using var all = new MemoryStream();
        await using var input = shell.In();
        await input.CopyToAsync(all, stop);
        return all.ToArray();
    }

    // Accounts and their regions are not checked here: only the worker knows them.
    private static int Say(List<RequestLine> lines, string name, Shell shell)
    {
        var (reader, jobs) = (new RequestReader(KnownAccounts.Unchecked), new JobReader(KnownAccounts.Unchecked));
        var wrong = 0;
        foreach (var line in lines)
        {
            var delivery = new Delivery
            {
                MessageId = line.MessageId,
                Body = line.Body,
                ContentType = "application/json",
                EnqueuedAt = shell.Clock.GetUtcNow(),
            };
            IReadOnlyList<RequestProblem> problems = reader.Read(delivery) switch
            {
                ParsedRequest.Job => jobs.Read(delivery, RequestReader.LongestBody) is ParsedJob.Invalid job ? job.Problems : [],
                ParsedRequest.Invalid request => request.Problems,
                _ => [],
            };
            if (problems.Count > 0)
            {
                wrong++;
                foreach (var problem in problems)
                {
                    shell.Error.WriteLine($"{name}({line.Number}): {problem.Sentence}");
                }
            }
        }

        return wrong;
    }

    private WorkerOptions ReadBus(ParseResult arguments)
    {
        try
        {
            return _settings.Read(arguments).GetSection(WorkerOptions.Section).Get<WorkerOptions>() ?? new();
        }
        catch (InvalidOperationException unreadable)
        {
            throw new BadSettingsException([unreadable.Message]);
        }
    }

    private static async Task<int> SendAsync(List<RequestLine> lines, WorkerOptions bus, string queue, Shell shell, CancellationToken stop)
    {
        await using var client = BusClient.Create(bus.Address, bus.Network, () => new DefaultAzureCredential());
        var check = new BusCheck(client, bus.Address, new Redial(shell.Clock, shell.Chance), shell.Clock);
        if (await check.FindProblemsAsync([], [queue], stop) is { Count: > 0 } problems)
        {
            return shell.Refuse(problems);
        }

        try
        {
            var sent = await RequestFeed.SendAsync(client.CreateSender(queue), lines.Select(line => (line.MessageId, line.Body)), stop);
            shell.Out.WriteLine($"{sent} of {lines.Count} messages sent to {queue} at {bus.Address}.");
            return sent == lines.Count ? ExitCode.Done : ExitCode.NotDone;
        }
        catch (Exception exception) when (BusFailure.Is(exception))
        {
            shell.Error.WriteLine($"ungroup: {queue} at {bus.Address}: {BusFailure.Say(exception)}. "
                + "Not everything was sent; sending it all again is safe, for the ids are the same.");
            return ExitCode.NotDone;
        }
    }

    private static Option<string> Text(string name, string description, string helpName, string standard) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => standard,
    };
}

using System.CommandLine;
using System.CommandLine.Parsing;
using Ungroup.Settings.Reading;

namespace Ungroup.Cli.Jobs;

/// <summary>How a job is followed.</summary>
internal sealed class WatchOptions
{
    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        Description = "How long to look on, with its unit, such as 30m; the job goes on all the same [default: until it has ended]",
        HelpName = "TIME",
        CustomParser = Time,
    };

    private readonly Option<bool> _plain = new("--plain") { Description = "No colours and no live display; the default when the output is no terminal" };

    public void AddTo(Command command)
    {
        command.Options.Add(_timeout);
        command.Options.Add(_plain);
    }

    public WatchOrder HowIn(ParseResult arguments, Shape shape) => new(shape, arguments.GetValue(_timeout), arguments.GetValue(_plain));

    private static TimeSpan? Time(ArgumentResult given)
    {
        if (given.Tokens is [var token] && Duration.TryParse(token.Value, out var time))
        {
            return time;
        }

        given.AddError($"--timeout was {string.Join(' ', given.Tokens.Select(one => one.Value))}; expected {Duration.Expected}.");
        return null;
    }
}

/// <param name="Shape">How it is printed.</param>
/// <param name="Patience">How long to look on; null until the job has ended.</param>
/// <param name="IsPlain">Lines, even on a terminal.</param>
internal sealed record WatchOrder(Shape Shape, TimeSpan? Patience, bool IsPlain);

/// <summary>Lines for somebody who follows a job.</summary>
internal enum Shape
{
    /// <summary>For a person.</summary>
    Lines,

    /// <summary>A JSON object, in a line, for each change.</summary>
    Json,

    /// <summary>One JSON object, the last.</summary>
    LastJson,
}

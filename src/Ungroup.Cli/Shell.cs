using System.Security.Cryptography;
using Spectre.Console;
using Ungroup.Cli.Terminal;

namespace Ungroup.Cli;

/// <summary>A command's surroundings: where it writes and reads, time, chance.</summary>
internal sealed record Shell(IAnsiConsole Console, TextWriter Out, TextWriter Error, Func<Stream> In, TimeProvider Clock, Func<double> Chance)
{
    public TextWriter Out { get; } = new DisplayWriter(Out);

    public TextWriter Error { get; } = new DisplayWriter(Error);

    public static Shell OfProcess() => new(
        AnsiConsole.Console, System.Console.Out, System.Console.Error, System.Console.OpenStandardInput, TimeProvider.System,
        () => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue);

    /// <summary>Says why the command was not run.</summary>
    public int Refuse(params IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            Error.WriteLine($"ungroup: {sentence}");
        }

        return ExitCode.BadArguments;
    }
}

internal static class ExitCode
{
    public const int Done = 0;
    public const int NotDone = 1;
    public const int BadArguments = 2;
}

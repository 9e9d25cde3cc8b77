using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ungroup.Cli;

/// <summary>A command whose help ends with lines to be tried.</summary>
internal sealed class ExampleCommand(string name, string description, params IReadOnlyList<string> examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>Help, and behind it the command's examples.</summary>
internal sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    public static HelpOption Option()
    {
        var option = new HelpOption { Recursive = true };
        option.Action = new HelpWithExamples((SynchronousCommandLineAction)option.Action!);
        return option;
    }

    // An error beside --help is not of interest to whoever wants help.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampleCommand { Examples.Count: > 0 } command)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in command.Examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        return code;
    }
}

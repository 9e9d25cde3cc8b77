using System.Text;
using Spectre.Console.Testing;
using Ungroup.Cli;

namespace Ungroup.EndToEnd.Tests.Support;

/// <summary>The program as a user meets it: arguments in; output, errors and an exit code out.</summary>
internal sealed class Terminal
{
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    public Terminal() => Shell = new(
        new TestConsole(), TextWriter.Synchronized(new StringWriter(_out)), TextWriter.Synchronized(new StringWriter(_error)),
        () => new MemoryStream(Input), TimeProvider.System, () => 0.5);

    public Shell Shell { get; }

    public byte[] Input { get; init; } = [];

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public string ConsoleText => ((TestConsole)Shell.Console).Output;

    public static CancellationToken Patience => TestContext.Current.CancellationToken;

    public Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, Shell, Patience);

    public Task<int> RunAsync(CancellationToken stop, params string[] args) => CommandLine.RunAsync(args, Shell, stop);
}

/// <summary>A directory of its own for one test.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch() => Directory.CreateDirectory(Root);

    private string Root { get; } = Path.Combine(Path.GetTempPath(), $"ungroup-{Guid.NewGuid():N}");

    public static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);

    public string At(string name) => Path.Combine(Root, name);

    public string File(string name, string content)
    {
        System.IO.File.WriteAllText(At(name), content, new UTF8Encoding(false));
        return At(name);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

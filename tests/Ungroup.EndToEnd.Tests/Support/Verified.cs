using System.Runtime.CompilerServices;

namespace Ungroup.EndToEnd.Tests.Support;

/// <summary>Compares with <c>*.verified.txt</c> beside the test; what came instead is left there as <c>*.received.txt</c>.</summary>
internal static class Verified
{
    public static void Equal(string name, string received, [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(test)!, "Verified", name);
        var verified = File.Exists(file + ".verified.txt") ? File.ReadAllText(file + ".verified.txt") : "";
        if (Trimmed(verified) != Trimmed(received))
        {
            File.WriteAllText(file + ".received.txt", received);
        }

        Assert.Equal(Trimmed(verified), Trimmed(received));
    }

    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())).TrimEnd();
}

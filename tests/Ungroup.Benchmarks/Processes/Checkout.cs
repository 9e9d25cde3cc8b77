namespace Ungroup.Benchmarks.Processes;

/// <summary>The work tree this program was built in.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Functions.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException($"No Functions.sln above {AppContext.BaseDirectory}.");
        }

        return root;
    }
}

using System.Runtime;
using System.Runtime.InteropServices;

namespace Ungroup.Benchmarks;

/// <summary>The machine that the numbers of a run depend on.</summary>
internal static class Machine
{
    public static void Print()
    {
        Console.WriteLine(
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription} "
            + $"{RuntimeInformation.ProcessArchitecture}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC");
        Console.WriteLine("Clients, servers and whatever else this machine does share the cores: read the ratios, not the rates.");
    }
}

using System.Xml.Linq;

namespace Ungroup.Sandbox.Broker.Management;

/// <summary>The envelope of management answers, as much of it as is read.</summary>
internal static class Atom
{
    private static readonly XNamespace Namespace = "http://www.w3.org/2005/Atom";

    public static XElement Entry(string title, XElement description) => new(
        Namespace + "entry",
        new XElement(Namespace + "title", new XAttribute("type", "text"), title),
        new XElement(Namespace + "content", new XAttribute("type", "application/xml"), description));

    public static XElement Feed(IEnumerable<XElement> entries) => new(Namespace + "feed", entries);

    public static XElement Error(int status, string sentence) => new("Error", new XElement("Code", status), new XElement("Detail", sentence));
}

using System.Security;
using System.Text;
using System.Text.Json;

namespace Ungroup.Sandbox.Ecs.Wire;

/// <summary>
/// The same bodies as XML: a list wrapper `{ "Xs": { "X": [ … ] } }` becomes `Xs` around one `X` per item.
/// https://help.aliyun.com/en/sdk/product-overview/rpc-mechanism [V2RPC]
/// </summary>
internal static class Xml
{
    private const string Declaration = "<?xml version='1.0' encoding='UTF-8'?>";

    public static byte[] Success(string action, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var xml = new StringBuilder(Declaration);
        Write(xml, $"{action}Response", document.RootElement);
        return Encoding.UTF8.GetBytes(xml.ToString());
    }

    public static byte[] Error(EcsError error, string requestId, string host) => Encoding.UTF8.GetBytes(
        $"{Declaration}<Error><RequestId>{requestId}</RequestId><HostId>{Escape(host)}</HostId><Code>{Escape(error.Code)}</Code>"
        + $"<Message>{Escape(error.Message)}</Message><Recommend><![CDATA[{Payload.Recommend(error, requestId)}]]></Recommend></Error>");

    private static void Write(StringBuilder xml, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                Write(xml, name, item);
            }

            return;
        }

        xml.Append('<').Append(name).Append('>');
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                Write(xml, member.Name, member.Value);
            }
        }
        else
        {
            xml.Append(value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? value.GetRawText()
                : Escape(value.ToString()));
        }

        xml.Append("</").Append(name).Append('>');
    }

    private static string? Escape(string text) => SecurityElement.Escape(text);
}

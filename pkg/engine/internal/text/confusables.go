package text

// lookalikes maps letters to the Latin letter that they look like, after NFKC and folding:
// single letters of UTS #39's confusables.txt whose prototype is a to z, the small
// capitals of phonetics, and Cyrillic and Greek letters that pass for a Latin one in
// a word though not alone.
var lookalikes = func() map[rune]byte {
	out := map[rune]byte{}
	for _, row := range lookalikeRows {
		for _, r := range row[1:] {
			out[r] = row[0]
		}
	}
	return out
}()

// lookalike returns the Latin letter that r looks like, 0 for none. The letters in black
// circles and squares have no form in NFKC.
func lookalike(r rune) byte {
	switch {
	case r >= '🅐' && r <= '🅩':
		return byte(r-'🅐') + 'a'
	case r >= '🅰' && r <= '🆉':
		return byte(r-'🅰') + 'a'
	}
	return lookalikes[r]
}

// lookalikeRows are rows of a Latin letter and those that look like it.
var lookalikeRows = []string{
	"aɑαаᗅᴀꓮꭺ𐊠𖽀",
	"bƅʙβвьᏼᑲᖯᗷꓐꞵꮟ𐊂𐊡𐌁",
	"cсᴄⲥꓚꮯ𐊢𐌂𐐽𐔜",
	"dԁᑯᗞᗪᴅꓒꓓꭰꮷ",
	"eεеёҽᴇⴹꓰꬲꭼ𐊆𑣆𑣎",
	"fϝքᖴẝꓝꜰꞙꬵ𐊇𐊥𐔥𑣂",
	"gƍɡɢԍցᏻᶃꓖꮐ",
	"hʜнһհᕼⲏꓧꮋꮒ𐋏",
	"iɩɪιіїꙇꭵ𑣃",
	"jʝϳјᒍᴊꓙꭻ",
	"kκкᛕᴋⲕꓗꮶ𐔘",
	"lǀʟӏᒪᛁⲓⳑⵏꓡꓲꮮ𐊊𐌉𐑃𐔦𑣒𖼖𖼨",
	"mϻмᗰᛖᴍⲙꓟꮇ𐊰𐌑",
	"nɴηոռⲛꓠ𐔓",
	"oοσоօଠഠဝჿዐᴏᴑⲟⵔꓳꬽ𐊒𐊫𐐬𐓪𐔖𑣈𑣕𑣗",
	"pρрᑭᴘⲣꓑꮲ𐊕",
	"qԛգզⵕꞯ",
	"rʀгᖇᴦⲅꓣꭇꭈꭱꮁꮢ𐓜𖼵",
	"sƽѕտꓢꜱꮥꮪ𐊖𐑈𑣁𖼺",
	"tτтᴛⲧꓔꭲ𐊗𐊱𐌕𑣜𖼊",
	"uʋυսሀᑌᴜꓴꞟꭎꭒ𐓶𑣘𖽂",
	"vνѵᐯᴠⴸꓦꛟꮩ𐔝𑜆𑣀𖼈",
	"wɯωѡԝաᴡꓪꮃꮤ𑜊𑜎𑜏",
	"xχхᕁᕽᚷⲭⵝꓫꭓ𐊐𐊴𐌗𐔧",
	"yɣʏγуүყᶌỿⲩꓬꭚꭹꮍ𐊲𑣄𖽃",
	"zζᴢꓜꮓ𑣉",
}
